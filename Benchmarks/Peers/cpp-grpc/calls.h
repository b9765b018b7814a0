// Callers, each of which makes one call after another through the callback API until its time is over.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "benchmarks/v1/user_service.grpc.pb.h"
#include "measure.h"

using benchmarks::v1::Blob;
using benchmarks::v1::GetUserRequest;
using benchmarks::v1::ListUsersRequest;
using benchmarks::v1::User;
using benchmarks::v1::UserService;

// Waits until all callers have ended.
class Latch {
   public:
    explicit Latch(int count) : count_(count) {}

    void CountDown() {
        std::lock_guard<std::mutex> lock(mutex_);
        if (--count_ == 0) zero_.notify_all();
    }

    void Wait() {
        std::unique_lock<std::mutex> lock(mutex_);
        zero_.wait(lock, [this] { return count_ == 0; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable zero_;
    int count_;
};

// Ends the program, since a benchmark with failures measures nothing.
inline void Require(bool holds, const grpc::Status& status) {
    if (holds && status.ok()) return;
    std::fprintf(stderr, "cpp-grpc: wrong answer or status %d: %s\n", status.error_code(),
                 status.error_message().c_str());
    std::exit(1);
}

class Caller {
   public:
    Caller(UserService::Stub* stub, int64_t end, Latch* latch) : stub(stub), end_(end), latch_(latch) {}
    virtual ~Caller() = default;

    void Start() {
        start_ = Now();
        Call();
    }

    Tally tally;

   protected:
    virtual void Call() = 0;

    // What the end of each call leads to: the next one, or the end.
    void Finished(int64_t operations) {
        int64_t now = Now();
        tally.Add(operations, now - start_);
        if (now >= end_) return latch_->CountDown();
        start_ = now;
        Call();
    }

    UserService::Stub* stub;
    std::unique_ptr<grpc::ClientContext> context;

   private:
    int64_t start_ = 0;
    const int64_t end_;
    Latch* const latch_;
};

class UnaryCaller final : public Caller {
   public:
    using Caller::Caller;

   private:
    void Call() override {
        context = std::make_unique<grpc::ClientContext>();
        request_.set_id("user-000042");
        stub->async()->GetUser(context.get(), &request_, &user_, [this](grpc::Status status) {
            Require(user_.roles_size() == 3, status);
            Finished(1);
        });
    }

    GetUserRequest request_;
    User user_;
};

class EchoCaller final : public Caller {
   public:
    EchoCaller(UserService::Stub* stub, int64_t end, Latch* latch, size_t bytes) : Caller(stub, end, latch) {
        request_.set_content(std::string(bytes, '\xA5'));
    }

   private:
    void Call() override {
        context = std::make_unique<grpc::ClientContext>();
        stub->async()->Echo(context.get(), &request_, &answer_, [this](grpc::Status status) {
            Require(answer_.content().size() == request_.content().size(), status);
            Finished(1);
        });
    }

    Blob request_, answer_;
};

class StreamCaller final : public Caller, private grpc::ClientReadReactor<User> {
   public:
    StreamCaller(UserService::Stub* stub, int64_t end, Latch* latch, int messages) : Caller(stub, end, latch) {
        request_.set_count(messages);
    }

   private:
    void Call() override {
        context = std::make_unique<grpc::ClientContext>();
        received_ = 0;
        stub->async()->ListUsers(context.get(), &request_, this);
        StartRead(&user_);
        StartCall();
    }

    void OnReadDone(bool ok) override {
        if (!ok) return;
        received_ += user_.active();
        StartRead(&user_);
    }

    void OnDone(const grpc::Status& status) override {
        Require(received_ == request_.count(), status);
        Finished(received_);
    }

    ListUsersRequest request_;
    User user_;
    int received_ = 0;
};
