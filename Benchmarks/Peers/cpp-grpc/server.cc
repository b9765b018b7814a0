// server PORT: answers through the callback API, always with the same 109 bytes, and echoes blobs.
#include <grpcpp/grpcpp.h>

#include "benchmarks/v1/user_service.grpc.pb.h"

using benchmarks::v1::Blob;
using benchmarks::v1::GetUserRequest;
using benchmarks::v1::ListUsersRequest;
using benchmarks::v1::User;
using benchmarks::v1::UserService;

static User MakeUser() {
    User user;
    user.set_id("user-000042");
    user.set_email("someone.42@engineering.example.com");
    user.set_display_name("Some One Forty-Two");
    user.set_created_at_unix(1700000042);
    for (const char* role : {"administrator", "member", "auditor"}) user.add_roles(role);
    user.set_active(true);
    return user;
}

// Writes `count` users, or users until the client gives up.
class UserWriter final : public grpc::ServerWriteReactor<User> {
   public:
    UserWriter(const User& user, int count) : user_(user), left_(count), endless_(count == 0) { Next(); }

   private:
    void Next() {
        if (endless_ || left_-- > 0)
            StartWrite(&user_);
        else
            Finish(grpc::Status::OK);
    }

    void OnWriteDone(bool ok) override {
        if (ok)
            Next();
        else
            Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the client has given up"));
    }

    void OnDone() override { delete this; }

    const User& user_;
    int left_;
    const bool endless_;
};

class Users final : public UserService::CallbackService {
    grpc::ServerUnaryReactor* GetUser(grpc::CallbackServerContext* context, const GetUserRequest*,
                                      User* answer) override {
        *answer = user_;
        return Succeed(context);
    }

    grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const Blob* request, Blob* answer) override {
        *answer = *request;
        return Succeed(context);
    }

    grpc::ServerWriteReactor<User>* ListUsers(grpc::CallbackServerContext*, const ListUsersRequest* request) override {
        return new UserWriter(user_, request->count());
    }

    static grpc::ServerUnaryReactor* Succeed(grpc::CallbackServerContext* context) {
        grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }

    const User user_ = MakeUser();
};

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: server PORT\n", stderr);
        return 64;
    }
    Users users;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(std::string("127.0.0.1:") + arguments[1], grpc::InsecureServerCredentials());
    builder.RegisterService(&users);
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server) return 1;
    server->Wait();
    return 0;
}
