// client PORT SCENARIO SERVER_PID SECONDS: warms up for a second, measures, and prints one line of JSON.
#include <cstring>

#include "calls.h"

// unary:CONNECTIONS:IN_FLIGHT, stream:MESSAGES or echo:BYTES:IN_FLIGHT.
struct Load {
    std::string kind;
    int connections = 1, in_flight = 1, messages = 0, bytes = 0;

    bool Parse(const char* text) {
        char name[16] = "";
        int first = 0, second = 0;
        int fields = std::sscanf(text, "%15[a-z]:%d:%d", name, &first, &second);
        kind = name;
        if (kind == "unary" && fields == 3) {
            connections = first;
            in_flight = second;
        } else if (kind == "stream" && fields == 2) {
            messages = first;
        } else if (kind == "echo" && fields == 3) {
            bytes = first;
            in_flight = second;
        } else {
            return false;
        }
        return connections > 0 && in_flight > 0;
    }

    std::unique_ptr<Caller> Make(UserService::Stub* stub, int64_t end, Latch* latch) const {
        if (kind == "unary") return std::make_unique<UnaryCaller>(stub, end, latch);
        if (kind == "echo") return std::make_unique<EchoCaller>(stub, end, latch, bytes);
        return std::make_unique<StreamCaller>(stub, end, latch, messages);
    }
};

// Channels of one program to one address share a connection unless they are told not to.
static std::unique_ptr<UserService::Stub> Connect(const std::string& port) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return UserService::NewStub(
        grpc::CreateCustomChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials(), arguments));
}

static Tally Run(const Load& load, const std::vector<std::unique_ptr<UserService::Stub>>& stubs, double seconds) {
    int64_t end = Now() + static_cast<int64_t>(seconds * 1e9);
    Latch latch(load.in_flight);
    std::vector<std::unique_ptr<Caller>> callers;
    for (int index = 0; index < load.in_flight; index++)
        callers.push_back(load.Make(stubs[index % stubs.size()].get(), end, &latch));
    for (auto& caller : callers) caller->Start();
    latch.Wait();
    Tally tally;
    for (auto& caller : callers) tally.Add(caller->tally);
    return tally;
}

int main(int count, char** arguments) {
    Load load;
    if (count != 5 || !load.Parse(arguments[2])) {
        std::fputs(
            "usage: client PORT unary:CONNECTIONS:IN_FLIGHT|stream:MESSAGES|echo:BYTES:IN_FLIGHT SERVER_PID SECONDS\n",
            stderr);
        return 64;
    }
    int server = std::atoi(arguments[3]);
    std::vector<std::unique_ptr<UserService::Stub>> stubs;
    for (int index = 0; index < load.connections; index++) stubs.push_back(Connect(arguments[1]));
    Run(load, stubs, 1);
    Usage before = Usage::Now(server);
    int64_t start = Now();
    Tally tally = Run(load, stubs, std::atof(arguments[4]));
    double seconds = (Now() - start) / 1e9;
    Report(arguments[2], std::move(tally), seconds, load.bytes, before, Usage::Now(server), server);
    return 0;
}
