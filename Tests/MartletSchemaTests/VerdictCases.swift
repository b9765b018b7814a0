// swift-format-ignore-file

/// Small files, one a line, that protoc takes or refuses; Martlet has to do the same.
enum VerdictCases: CaseIterable {
    case proto2
    case proto3
    /// Compared with a protoc that knows editions.
    case edition2023
    /// Files that say their syntax, or not, themselves.
    case whole

    private static let proto2Files = #"""
message A {} message A {}
message A {} enum A { X = 0; }
enum A { X = 0; } enum B { X = 0; }
message A { optional int32 a = 1; optional int32 a = 2; }
message A { optional int32 a = 1; oneof a { int32 b = 2; } }
message A { optional int32 a = 1; message a {} }
message A { enum a { b = 0; } optional int32 b = 1; }
service S { rpc A(M) returns (M); rpc A(M) returns (M); } message M {}
package a.b; message a {}
package a; message b {} enum c { b = 0; }
package A.B; message A { optional B.C x = 1; } message C {}
package foo..bar; message A {}
package 1foo; message A {}
package foo; package bar;
message A { optional Missing a = 1; }
message A { optional .Missing a = 1; }
message A { optional S a = 1; } service S {}
message A { optional B.C a = 1; message B {} } message B { message C {} }
message A { optional X a = 1; enum E { X = 0; } }
service S { rpc A(E) returns (E); } enum E { X = 0; }
service S { rpc A(Missing) returns (Missing); }
service S { rpc A(int32) returns (M); } message M {}
service S { rpc A(stream) returns (M); } message stream {} message M {}
service S { rpc A(stream stream) returns (M); } message stream {} message M {}
service S { rpc A(.M) returns (stream .M) { } } message M {}
service S { rpc A(M) returns (M) { option deprecated = true; ; } } message M {}
service S { rpc A(M) returns (M) {}; } message M {}
service S { stream A(M, M); } message M {}
message A { extend A { optional int32 A = 5; } extensions 5; }
message A { optional int32 message = 1; optional int32 enum = 2; optional int32 option = 3; }
message optional { } message B { optional optional optional = 1; }
message group { } message B { optional group A = 1 {} }
message A { optional string string = 1; optional bytes int32 = 2; }
message A { optional int32 a = 0; }
message A { optional int32 a = -1; }
message A { optional int32 a = 536870911; }
message A { optional int32 a = 536870912; }
message A { optional int32 a = 19000; }
message A { optional int32 a = 19999; }
message A { optional int32 a = 18999; optional int32 b = 20000; }
message A { optional int32 a = 1; optional int32 b = 1; }
message A { optional int32 a = 1; optional int32 b = 0x1; }
message A { optional int32 a = 010; optional int32 b = 8; }
message A { optional int32 a = 0x; }
message A { optional int32 a = 09; }
message A { optional int32 a = 1.0; }
message A { optional int32 a = 1e3; }
message A { optional int32 a = "1"; }
message A { optional int32 a; }
message A { optional int32 a = ; }
message A { int32 a = 1; }
message A { required int32 a = 1; }
message A { reserved 1; optional int32 a = 1; }
message A { reserved 1 to 5; optional int32 a = 3; }
message A { reserved 1 to max; }
message A { reserved 1 to max; optional int32 a = 536870911; }
message A { reserved 5 to 1; }
message A { reserved 0; }
message A { reserved -1; }
message A { reserved 1, 2, 2; }
message A { reserved 1 to 3, 3 to 5; }
message A { reserved 19000 to 19999; }
message A { reserved 536870912; }
message A { reserved 536870911; }
message A { reserved "a"; optional int32 a = 1; }
message A { reserved "a", "a"; }
message A { reserved "a", 1; }
message A { reserved 1, "a"; }
message A { reserved a; }
message A { reserved "not valid"; }
message A { reserved ""; }
message A { reserved "a" "b"; }
message A { reserved; }
message A { reserved 1 to; }
message A { reserved 1 2; }
message A { extensions 1; optional int32 a = 1; }
message A { extensions 1 to 5, 5; }
message A { extensions 1 to 5; reserved 5; }
message A { extensions 5 to 1; }
message A { extensions 0; }
message A { extensions 0 to 5; }
message A { extensions 100 to max; }
message A { extensions 100 to 536870911; }
message A { extensions 100 to 536870912; }
message A { extensions 536870912; }
message A { extensions 2147483647; }
message A { extensions 100 to 2147483647; }
message A { extensions 1 to 2147483648; }
message A { extensions 18000 to 20000; } extend A { optional int32 a = 19500; }
message A { extensions 10 [verification = UNVERIFIED]; }
message A { extensions 5; } extend A { optional int32 b = 5; }
message A { extensions 5; } extend A { optional int32 b = 6; }
message A { extensions 5; } extend A { optional int32 b = 5; optional int32 c = 5; }
message A { extensions 5; } extend A { required int32 b = 5; }
message A { extensions 5; } extend A { int32 b = 5; }
message A { extensions 5; } extend A { map<int32, int32> b = 5; }
message A { extensions 5; } extend A { oneof x { int32 b = 5; } }
message A { extensions 5; } extend A { repeated group B = 5 { optional int32 a = 1; } }
message A { extensions 5; } extend A { }
message A { extensions 5; } extend A { optional int32 b = 5 [json_name = "x"]; }
message A { extensions 5; } extend A { optional int32 b = 5 [json_name = "b"]; }
message A { extensions 5; } extend A { optional int32 b_c = 5 [json_name = "bC"]; }
message A { } extend A { optional int32 b = 5; }
extend Missing { optional int32 b = 5; }
enum E { X = 0; } extend E { optional int32 b = 5; }
service S { } extend S { optional int32 b = 5; }
message A { extensions 5; message B { extend A { optional B b = 5; } } }
message A { extensions 5; extend A { optional int32 b = 5 [default = 3]; } }
message A { extensions 5; } extend A { optional int32 b = 0; }
enum E { }
enum E { A = 1; }
enum E { A = 0; B = 0; }
enum E { option allow_alias = true; A = 0; B = 0; }
enum E { option allow_alias = true; A = 0; B = 1; }
enum E { option allow_alias = false; A = 0; B = 1; }
enum E { option allow_alias = false; A = 0; B = 0; }
enum E { A = 2147483647; B = -2147483648; }
enum E { A = 2147483648; }
enum E { A = -2147483649; }
enum E { A = 0x7fffffff; B = -0x1; C = -01; }
enum E { A; }
enum E { A = 0 B = 1; }
enum E { A = 0; reserved 0; }
enum E { A = 0; reserved -5 to 5; }
enum E { A = 0; reserved 1 to max; }
enum E { A = 0; reserved 5 to 1; }
enum E { A = 0; reserved 1, 1; }
enum E { A = 0; reserved "A"; }
enum E { A = 0; reserved "B", "B"; }
enum E { A = 0; reserved "b c"; }
enum E { A = 0; reserved B; }
enum E { A = 0; extensions 5; }
enum E { A = 0 []; }
enum E { A = 0 [deprecated = true, deprecated = false]; }
enum E { option deprecated = true; }
enum E { A = 0; option allow_alias = true; B = 0; }
enum Foo { FOO_BAR = 0; BAR = 1; }
enum Foo { BAR = 0; bar = 1; }
enum E { option = 0; reserved = 1; }
enum E { message = 0; }
enum E { reserved_ = 0; }
message A { oneof x { } }
message A { oneof x { optional int32 a = 1; } }
message A { oneof x { repeated int32 a = 1; } }
message A { oneof x { required int32 a = 1; } }
message A { oneof x { map<int32, int32> a = 1; } }
message A { oneof x { group B = 1 { optional int32 c = 1; } } }
message A { oneof x { int32 a = 1; } oneof x { int32 b = 2; } }
message A { oneof x { int32 a = 1; int32 a = 2; } }
message A { oneof x { oneof y { int32 a = 1; } } }
message A { oneof x { message B {} } }
message A { oneof x { int32 a = 1 [default = 5]; } }
message A { oneof x { extensions 5; } }
message A { oneof x { int32 a = 1; ; } }
message A { oneof x { option deprecated = true; int32 a = 1; } }
oneof x { int32 a = 1; }
message A { oneof { int32 a = 1; } }
message A { optional group b = 1 { } }
message A { optional group B = 1 ; }
message A { optional group B = 1 { } optional int32 b = 2; }
message A { optional group B = 1 { } message B {} }
message A { optional group B = 1 [deprecated = true] { } }
message A { optional group B = 1 [lazy = true] { } }
message A { optional group B = 1 [default = 1] { } }
message A { group B = 1 { } }
message A { optional group _B = 1 { } }
message A { optional group B_C = 1 { optional group D = 1 { optional A e = 1; } } }
message A { map<int32, string> a = 1; }
message A { map<float, string> a = 1; }
message A { map<double, string> a = 1; }
message A { map<bytes, string> a = 1; }
message A { map<A, string> a = 1; }
message A { map<E, string> a = 1; } enum E { X = 0; }
message A { map<int32, E> a = 1; } enum E { X = 0; }
message A { map<int32, E> a = 1; } enum E { X = 1; }
message A { map<int32, map<int32, int32>> a = 1; }
message A { map<int32, group> a = 1; }
message A { map<group, int32> a = 1; }
message A { optional map<int32, int32> a = 1; }
message A { repeated map<int32, int32> a = 1; }
message A { map<int32, int32> a = 1 [default = 1]; }
message A { map<int32, int32> a = 1 [packed = true]; }
message A { map<int32, A> a = 1 [lazy = true]; }
message A { map<int32, int32> a = 1; optional AEntry b = 2; }
message A { map<int32, int32> a = 1; repeated AEntry b = 2; }
message A { map<int32, int32> a = 1; message AEntry {} }
message A { map<int32, int32> a = 1; enum AEntry { X = 0; } }
message A { map<int32, int32> a = 1; optional int32 AEntry = 2; }
message A { map<int32, int32> a = 1; oneof AEntry { int32 b = 2; } }
message A { map<int32, int32> a_b = 1; map<int32, int32> aB = 2; }
message A { map<int32, int32> foo = 1; map<int32, int32> foo = 2; }
message A { message B { option map_entry = true; optional int32 key = 1; optional int32 value = 2; } repeated B b = 1; }
message map { } message A { optional map m = 1; }
message A { map < int32 , int32 > a = 1; }
message A { map<int32> a = 1; }
message A { map<, int32> a = 1; }
message A { map<int32, Missing> a = 1; }
map<int32, int32> a = 1;
message A { optional int32 a = 1 [default = 2147483648]; }
message A { optional int32 a = 1 [default = -2147483648]; }
message A { optional int32 a = 1 [default = -2147483649]; }
message A { optional uint32 a = 1 [default = -1]; }
message A { optional uint32 a = 1 [default = -0]; }
message A { optional int32 a = 1 [default = 1.5]; }
message A { optional int32 a = 1 [default = "1"]; }
message A { optional int64 a = 1 [default = 9223372036854775808]; }
message A { optional uint64 a = 1 [default = 18446744073709551616]; }
message A { optional float a = 1 [default = inf]; optional double b = 2 [default = -nan]; }
message A { optional float a = 1 [default = 1]; optional double b = 2 [default = -1e400]; }
message A { optional double a = 1 [default = 99999999999999999999999999]; }
message A { optional float a = 1 [default = 0x10]; }
message A { optional float a = 1 [default = abc]; }
message A { optional bool a = 1 [default = TRUE]; }
message A { optional bool a = 1 [default = 1]; }
message A { optional string a = 1 [default = abc]; }
message A { optional string a = 1 [default = "\xff"]; }
message A { optional bytes a = 1 [default = "\xff"]; }
message A { optional string a = 1 [default = 5]; }
message A { optional E a = 1 [default = X]; } enum E { X = 0; }
message A { optional E a = 1 [default = Y]; } enum E { X = 0; }
message A { optional E a = 1 [default = E.X]; } enum E { X = 0; }
message A { optional E a = 1 [default = 0]; } enum E { X = 0; }
message A { optional E a = 1 [default = "X"]; } enum E { X = 0; }
message A { optional A a = 1 [default = X]; }
message A { repeated int32 a = 1 [default = 1]; }
message A { required int32 a = 1 [default = 1]; }
message A { optional int32 a = 1 [default = 1, default = 2]; }
message A { optional int32 a = 1 [default]; }
message A { optional int32 a = 1 [default = {}]; }
message A { optional int32 a = 1 [json_name = "x", json_name = "y"]; }
message A { optional int32 a = 1 [json_name = x]; }
message A { optional int32 a = 1 [json_name = ""]; }
message A { optional int32 a = 1 [json_name = "a\0b"]; }
message A { optional int32 a = 1 [json_name = "[a]"]; }
message A { optional int32 a_b = 1; optional int32 aB = 2; }
message A { optional int32 a = 1 [json_name = "x"]; optional int32 b = 2 [json_name = "x"]; }
message A { optional int32 a = 1 [json_name = "b"]; optional int32 b = 2; }
option java_package = 5;
option java_package = "a"; option java_package = "b";
option unknown = 5;
option java_package = abc;
option java_multiple_files = 1;
option java_multiple_files = "true";
option optimize_for = FAST;
option optimize_for = "SPEED";
option optimize_for = 1;
option java_package.a = 5;
option (unknown) = 5;
option (a = 5;
option a = ;
option = 5;
option java_package "x";
option java_package = -"x";
option java_package = -x;
option java_package = {};
option uninterpreted_option = {};
option deprecated = true
message A { option map_entry = true; }
message A { option map_entry = false; }
message A { option deprecated = true; option deprecated = true; }
message A { option message_set_wire_format = true; extensions 4 to max; }
message A { option message_set_wire_format = true; optional int32 a = 1; }
message A { option message_set_wire_format = true; extensions 4 to max; } extend A { optional int32 a = 5; }
message A { option message_set_wire_format = true; extensions 4 to max; } extend A { repeated A a = 5; }
message A { option message_set_wire_format = true; extensions 4 to max; } extend A { optional A a = 5; }
message A { option message_set_wire_format = true; extensions 4 to max; } extend A { optional A a = 536870912; }
message A { option message_set_wire_format = true; extensions 4 to 2147483646; } extend A { optional A a = 2147483646; }
message A { option message_set_wire_format = true; extensions 4 to 2147483647; }
message A { option message_set_wire_format = true; extensions 4 to max; reserved 1 to 3; }
message A { option message_set_wire_format = false; optional int32 a = 1; }
message A { optional int32 a = 1 [packed = true]; }
message A { repeated string a = 1 [packed = true]; }
message A { repeated A a = 1 [packed = true]; }
message A { repeated E a = 1 [packed = true]; } enum E { X = 0; }
message A { optional int32 a = 1 [packed = false]; }
message A { optional int32 a = 1 [lazy = true]; }
message A { optional A a = 1 [lazy = true]; }
message A { repeated A a = 1 [lazy = true]; }
message A { optional int32 a = 1 [unverified_lazy = true]; }
message A { optional int32 a = 1 [weak = true]; }
message A { optional A a = 1 [weak = true]; }
message A { optional int32 a = 1 [jstype = JS_STRING]; }
message A { optional int32 a = 1 [jstype = JS_NORMAL]; }
message A { optional int64 a = 1 [jstype = JS_NUMBER]; }
message A { optional string a = 1 [jstype = JS_STRING]; }
message A { optional string a = 1 [ctype = CORD]; }
message A { optional int32 a = 1 [ctype = CORD]; }
message A { optional int32 a = 1 [deprecated]; }
message A { optional int32 a = 1 [deprecated = true; }
message A { optional int32 a = 1 []; }
message A { optional int32 a = 1 [deprecated = true,]; }
message A { optional int32 a = 1 [,deprecated = true]; }
message A { oneof x { option unknown = 1; int32 a = 1; } }
service S { option deprecated = true; option unknown = 1; }
service S { rpc A(M) returns (M) { option idempotency_level = MAYBE; } } message M {}
option optimize_for = LITE_RUNTIME; option cc_generic_services = true; service S {}
option optimize_for = LITE_RUNTIME; option java_generic_services = true; service S {}
option optimize_for = LITE_RUNTIME; service S {}
message A { optional int32 a = 1 [deprecated = 1]; }
message A { optional int32 a = 1 [features.field_presence = EXPLICIT]; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } option (a) = 5;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } option (a) = 5; option (a) = 6;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } option (a) = "x";
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } option (a) = 5000000000;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } option (a) = 1.5;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = 1;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = inf;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = -inf;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = nan;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional bool a = 50000; } option (a) = 1;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional bool a = 50000; } option (a) = true;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional E a = 50000; } option (a) = X; enum E { X = 0; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional E a = 50000; } option (a) = Y; enum E { X = 0; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional E a = 50000; } option (a) = 0; enum E { X = 0; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = 5; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 5 }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { y: 5 }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 5 x: 6 }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: [5] }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: [5, 6] }; message M { repeated int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: [] }; message M { repeated int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 5, }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 5,, }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { , x: 5 }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x 5 }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m { x: 5 } }; message M { optional int32 x = 1; optional M m = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m: { x: 5 } }; message M { optional int32 x = 1; optional M m = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m: < x: 5 > }; message M { optional int32 x = 1; optional M m = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m: < x: 5 } }; message M { optional int32 x = 1; optional M m = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = < x: 5 >; message M { optional int32 x = 1; optional M m = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: 1 }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: t }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: True }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: 2 }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: "true" }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { f: 1.5f d: 2F i: inf j: infinity k: -Infinity n: NaN }; message M { optional float f = 1; optional double d = 2; optional float i = 3; optional float j = 4; optional float k = 5; optional float n = 6; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { f: 1.5 }; message M { optional int32 f = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { f: -1 }; message M { optional uint32 f = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { f: 0x1F g: 017 h: -0x1 }; message M { optional uint32 f = 1; optional int32 g = 2; optional int32 h = 3; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: "a" 'b' }; message M { optional string s = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: "\xff" }; message M { optional string s = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: "\xff" }; message M { optional bytes s = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 1 y: 2 }; message M { oneof o { int32 x = 1; int32 y = 2; } }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 1; }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a).x = 1; option (a).x = 2; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a).x = 1; option (a) = { }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 1 }; option (a).y = 1; message M { optional int32 x = 1; optional int32 y = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 1 }; option (a).x = 1; message M { optional int32 x = 1; optional int32 y = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { repeated M a = 50000; } option (a).x = 1; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { repeated int32 a = 50000; } option (a) = 1; option (a) = 2;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { repeated int32 a = 50000; } option (a) = [1, 2];
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a).y = 1; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option a.x = 1; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a).(x) = 1; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { r { } }; message M { optional R r = 1; } message R { required int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional R a = 50000; } option (a) = { }; message R { required int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { [x]: 1 }; message M { extensions 5; } extend M { optional int32 x = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { [y]: 1 }; message M { extensions 5; } extend M { optional int32 x = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { [.x]: 1 }; message M { extensions 5; } extend M { optional int32 x = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { mp { key: 1 value: 2 } mp: [{ key: 3 }, { }] }; message M { map<int32, int32> mp = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { G { x: 1 } }; message M { optional group G = 1 { optional int32 x = 1; } }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { g { x: 1 } }; message M { optional group G = 1 { optional int32 x = 1; } }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } message M { option (a) = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 50000; } extend google.protobuf.FileOptions { optional int32 b = 50000; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional int32 a = 999; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { optional int32 a = 1000; } message M { optional int32 x = 1 [(a) = 5, (.a) = 6]; }
package p; import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { optional int32 a = 1000; } message M { optional int32 x = 1 [(p.a) = 5]; optional int32 y = 2 [(.p.a) = 5]; optional int32 z = 3 [(a) = 5]; }
package p; import "google/protobuf/descriptor.proto"; message M { extend google.protobuf.FieldOptions { optional int32 a = 1000; } optional int32 x = 1 [(M.a) = 5, deprecated = true]; optional int32 y = 2 [(a) = 5]; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional string a = 50000; } option (a) = "\xff";
option java_package = "\xff";
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a).y = 1; message M { required int32 x = 1; optional int32 y = 2; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional bool a = 50000; } option (a) = True;
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: 0 c: f d: False e: false }; message M { optional bool b = 1; optional bool c = 2;optional bool d = 3;optional bool e = 4; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: tRUE }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: 0x1 }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { b: -1 }; message M { optional bool b = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { e: 5 }; message M { optional E e = 1; } enum E { X = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { e: 6 }; message M { optional E e = 1; } enum E { X = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { e: "X" }; message M { optional E e = 1; } enum E { X = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 1 // comment y: 2 };
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 4294967296 }; message M { optional int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: 1e400 y: 1e39 z: 123456789012345678901234567890 }; message M { optional double x = 1; optional float y = 2; optional float z = 3; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: 5 }; message M { optional string s = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m: 5 }; message M { optional M m = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m: [{}, {}] }; message M { repeated M m = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { m [{}, <>] }; message M { repeated M m = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { x: [1, 2,] }; message M { repeated int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { [foo.com/M]: {} }; message M { repeated int32 x = 1; }
import "google/protobuf/any.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional google.protobuf.Any a = 50000; } option (a) = { [foo.com/M]: {} }; message M { repeated int32 x = 1; }
import "google/protobuf/any.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional google.protobuf.Any a = 50000; } option (a) = { [foo.com/N]: {} }; message M { repeated int32 x = 1; }
import "google/protobuf/any.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional google.protobuf.Any a = 50000; } option (a) = { [foo.com/a/b-c/M]: {} }; message M { repeated int32 x = 1; }
import "google/protobuf/any.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional google.protobuf.Any a = 50000; } option (a) = { type_url: "x" [foo.com/M] {} }; message M { repeated int32 x = 1; }
import "google/protobuf/any.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional google.protobuf.Any a = 50000; } option (a) = { [foo.com/M] <x: 1> , }; message M { repeated int32 x = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.MessageOptions { optional string a = 50000; } message M { option (a) = "x" 'y'; }
message M { optional int32 a = 1 [(b) = 5]; extend google.protobuf.FieldOptions { optional int32 b = 1000; } } import "google/protobuf/descriptor.proto";
message M { extensions 5 to 6, 8 [deprecated = true]; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.ExtensionRangeOptions { optional int32 b = 1000; } message M { extensions 5 to 6, 8 [(b) = 3]; }
enum E { A = 1 [json_name = "x"]; }
enum E { A = 1 [default = 2]; }
message M { optional int32 a = 1 [default = 1 json_name = "x"]; }
message M { optional int32 a = 1 [ctype = STRING]; }
message M { option (a).(b).c = 5; }
message M { option a.(b) = 5; }
message M { option .a = 5; }
message M { option (.a) = 5; }
message M { option a..b = 5; }
message M { oneof o { group G = 1 { } int32 g = 2; } }
message M { optional int32 a = 1; } message N { extend M { optional int32 b = 2; } }
message M { required group G = 1 { } }
message M { optional fixed32 a = 1 [default = 0x]; }
message M { optional int32 a = 0x10; optional int32 b = 020; }
message M { optional float f = 1 [default = 1.]; optional float g = 2 [default = .5]; optional float h = 3 [default = 1e]; }
message M { optional string s = 1 [default = "a" 'b' "\n"]; }
message M { optional bytes s = 1 [default = "\u1234"]; }
message M { optional bytes s = 1 [default = "\?\a\b\f\v\'\""]; }
message M { optional string s = 1 [default = "\X41"]; }
enum E { A = 0; } message M { optional E e = 1 [default = A, deprecated = true]; optional .E f = 2 [default = A]; }
message M { extensions 1 to 10; extensions 11 to 20; reserved 21 to 30; optional int32 a = 31; }
message M { extensions max; }
message M { reserved max; }
enum E { A = 0; reserved max; }
enum E { A = 0; reserved -2147483648 to -1; reserved 1 to 2147483647; }
enum E { A = 0; reserved 2147483647; }
message M { reserved 2147483647; }
message M { reserved 1 to 2147483647; }
message M { optional int32 a=1;optional int32 b=2;; }
service S { rpc A(M) returns (M);; } message M { }
enum E { ; A = 0;; }
extend M { optional int32 a = 5; ; } message M { extensions 5; }
message M { extend M { optional int32 a = 5; ; } extensions 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { optional int32 a = 1000 [(a) = 5]; }
"""#

    private static let proto3Files = #"""
enum E { A = 1; }
enum E { A = 0; A_ = 1; }
enum Foo { FOO_BAR = 0; BAR = 1; }
enum Foo { BAR = 0; Bar_ = 1; }
enum Foo { FOO_BAR = 0; FOOBAR = 1; }
enum Foo { option allow_alias = true; FOO_BAR = 0; BAR = 0; }
enum Foo { FOO = 0; F_OO = 1; }
enum Foo { A1_B = 0; A1B = 1; }
message A { oneof x { optional int32 a = 1; } }
message A { optional int32 a = 1; optional int32 _a = 2; }
message A { optional int32 a = 1; int32 _a = 2; int32 X_a = 3; }
message A { optional group B = 1 { } }
message A { group B = 1 { } }
message A { repeated group B = 1 { int32 a = 1; } }
message A { map<int32, string> a = 1; map<bool, A> b = 2; map<string, bytes> c = 3; map<sfixed64, double> d = 4; }
message A { optional map<int32, string> a = 1; }
message A { int32 a = 1 [default = 1]; }
message A { optional int32 a = 1 [default = 1]; }
message A { required int32 a = 1; }
message A { int32 a_b = 1; int32 aB = 2; }
message A { int32 a_b = 1; int32 ab = 2; }
message A { int32 a = 1; int32 A = 2; }
message A { int32 a = 1 [json_name = "x"]; int32 b = 2 [json_name = "x"]; }
message A { int32 a = 1 [json_name = "b"]; int32 b = 2; }
message A { int32 a = 1 [json_name = "b"]; int32 b = 2 [json_name = "a"]; }
message A { int32 a_b = 1 [json_name = "x"]; int32 aB = 2 [json_name = "y"]; }
message A { int32 foo = 1; int32 _foo = 2; }
message A { int32 foo = 1; int32 foo_ = 2; }
message A { option deprecated_legacy_json_field_conflicts = true; int32 a_b = 1; int32 aB = 2; }
message A { option message_set_wire_format = true; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { int32 a = 1000; } message M { int32 x = 1 [(a) = 5]; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldDescriptorProto { int32 a = 1000; }
import "google/protobuf/descriptor.proto"; message M { google.protobuf.FieldDescriptorProto.Type a = 1; }
import "google/protobuf/descriptor.proto"; message M { repeated google.protobuf.FieldDescriptorProto.Type a = 1; }
import "google/protobuf/descriptor.proto"; message M { map<int32, google.protobuf.FieldDescriptorProto.Type> a = 1; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { google.protobuf.FieldDescriptorProto.Type a = 1000; }
import "google/protobuf/descriptor.proto"; message M { google.protobuf.FieldDescriptorProto a = 1; }
message A { extensions 5; }
message A { optional int32 a = 1; repeated int32 b = 2; int32 c = 3; }
message A { reserved 1 to 5, 7; reserved "x"; }
message A { int32 a = 1 }
message A { int32 a = 1;
message A { int32 a = 1; }}
message A { int32 a 1; }
message A { 5 a = 1; }
message A { int32 5 = 1; }
message A { .A a = 1; . A b = 2; A . B c = 3; message B {} }
message { }
message A
message A;
enum { A = 0; }
enum E { A = 0; };
;;;
message A {;;;}
foo
message A { foo }
message A { foo; }
import "missing.proto";
import "google/protobuf/any.proto"; import "google/protobuf/any.proto";
import "google/protobuf/any.proto";
import public "google/protobuf/any.proto";
import weak "google/protobuf/any.proto";
import public weak "google/protobuf/any.proto";
import google/protobuf/any.proto;
import "";
import "t.proto";
import "/google/protobuf/any.proto";
import "../t/google/protobuf/any.proto";
import "google//protobuf/any.proto";
import "./google/protobuf/any.proto";
import option "google/protobuf/any.proto";
message A { string a = 1 [(missing.option) = 5]; }
message A { message B { message C { message D { A a = 1; B b = 2; C c = 3; D d = 4; } } } }
message M1{message M2{message M3{message M4{message M5{message M6{message M7{message M8{message M9{message M10{message M11{message M12{message M13{message M14{message M15{message M16{message M17{message M18{message M19{message M20{message M21{message M22{message M23{message M24{message M25{message M26{message M27{message M28{message M29{message M30{message M31{message M32{}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}
message M1{message M2{message M3{message M4{message M5{message M6{message M7{message M8{message M9{message M10{message M11{message M12{message M13{message M14{message M15{message M16{message M17{message M18{message M19{message M20{message M21{message M22{message M23{message M24{message M25{message M26{message M27{message M28{message M29{message M30{message M31{message M32{message M33{}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}
syntax = "proto3";
message A { /* open
message A { string a = 1 [json_name = "x
message A { string a = 1 [json_name = "\q"]; }
message A { string a = 1 [json_name = "\x"]; }
message A { string a = 1 [json_name = "\400"]; }
message A { string a = 1 [json_name = "\u12"]; }
message A { string a = 1 [json_name = "\ud800"]; }
message A { string a = 1 [json_name = "\U00110000"]; }
message A { string a = 1 [json_name = "é"]; }
message Aé { }
message A { # comment
message A$ { }
message A { int32 a = 1a; }
message A { int32 a1b = 1; int32 _ = 2; int32 __x = 3; }
message A { int32 a = 99999999999999999999; }
package a.b.c.d.e.f.g.h; message A { a.b.c.d.e.f.g.h.A x = 1; h.A y = 2; g.h.A z = 3; }
package p; message p { p.A a = 1; } message A {}
package p; message p { .p.A a = 1; } message A {}
package a; message A { b.B x = 1; }
service S { rpc A(M) returns (M) } message M {}
service S { rpc A(M) returns M; } message M {}
service S { rpc A M returns (M); } message M {}
service S { A(M) returns (M); } message M {}
service S { rpc A(M) return (M); } message M {}
service { }
service S { message M {} }
service S { option (x) = 1; }
option java_package = "a" "b";
option java_package = 'a' ;
option java_package = 'a";
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: "\xff" }; message M { string s = 1; }
message M1{message M2{message M3{message M4{message M5{message M6{message M7{message M8{message M9{message M10{message M11{message M12{message M13{message M14{message M15{message M16{message M17{message M18{message M19{message M20{message M21{message M22{message M23{message M24{message M25{message M26{message M27{message M28{message M29{message M30{message M31{}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}
import "google\\protobuf/any.proto";
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { e: 6 }; message M { E e = 1; } enum E { X = 0; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { optional int32 a = 1000; } message M { map<int32, int32> x = 1 [(a) = 5]; }
message M { map<int32, int32> x = 1 [json_name = "y"]; }
message M { oneof o { int32 a = 1 [json_name = "y"]; } }
service S { rpc A(M) returns (M) { option (x) = 1 } } message M {}
message M { repeated string s = 1 [packed = false]; }
message M { repeated int32 s = 1 [packed = false]; }
message M { int32 s = 1 [packed = true]; }
package google.protobuf; message M { FileOptions a = 1; } import "google/protobuf/descriptor.proto";
package google; message M { protobuf.FileOptions a = 1; } import "google/protobuf/descriptor.proto";
package google.x; message M { protobuf.FileOptions a = 1; } import "google/protobuf/descriptor.proto";
package x.google; message M { google.protobuf.FileOptions a = 1; } import "google/protobuf/descriptor.proto";
package google.protobuf; message Any {} import "google/protobuf/any.proto";
package google.protobuf.Any; import "google/protobuf/any.proto"; message M {}
import "google/protobuf/any.proto"; message google { }
import "google/protobuf/any.proto"; message M { google.protobuf.Any google = 1; google.protobuf.Any b = 2; }
message Foo { Bar.Baz x = 1; } message Bar { enum Baz { A = 0; } }
message M { enum E { A = 0; } enum F { A = 0; } }
message M { message N {} oneof N { int32 a = 1; } }
message aB { } message ab { } enum AB { X = 0; }
"""#

    private static let edition2023Files = #"""
message A { int32 a = 1; }
message A { optional int32 a = 1; }
message A { required int32 a = 1; }
message A { repeated int32 a = 1; }
message A { group B = 1 {} }
message A { reserved a, b; }
message A { reserved "a"; }
message A { reserved 1, 2; }
message A { reserved a.b; }
enum E { A = 1; }
enum E { option features.enum_type = CLOSED; A = 1; }
enum E { option features.enum_type = CLOSED; A = 1; B = 1; }
option features.enum_type = CLOSED; enum E { A = 1; }
option features.field_presence = LEGACY_REQUIRED;
option features.field_presence = IMPLICIT; message A { int32 a = 1 [default = 5]; }
option features.field_presence = IMPLICIT; message A { E a = 1; } enum E { option features.enum_type = CLOSED; X = 0; }
option features.field_presence = IMPLICIT; message A { repeated E a = 1; } enum E { option features.enum_type = CLOSED; X = 0; }
option features.field_presence = IMPLICIT; message A { map<int32, E> a = 1; } enum E { option features.enum_type = CLOSED; X = 0; }
option features.field_presence = IMPLICIT; message A { oneof o { E a = 1; } } enum E { option features.enum_type = CLOSED; X = 0; }
option features.field_presence = IMPLICIT; message A { A a = 1; }
message A { A a = 1 [features.field_presence = IMPLICIT]; }
message A { A a = 1 [features.field_presence = LEGACY_REQUIRED]; }
message A { A a = 1 [features.message_encoding = DELIMITED]; }
message A { int32 a = 1 [features.message_encoding = DELIMITED]; }
message A { map<int32, A> a = 1 [features.message_encoding = DELIMITED]; }
message A { repeated int32 a = 1 [features.repeated_field_encoding = EXPANDED]; }
message A { repeated string a = 1 [features.repeated_field_encoding = EXPANDED]; }
message A { repeated string a = 1 [features.repeated_field_encoding = PACKED]; }
message A { int32 a = 1 [features.repeated_field_encoding = PACKED]; }
message A { map<int32, int32> a = 1 [features.repeated_field_encoding = EXPANDED]; }
message A { string a = 1 [features.utf8_validation = NONE]; }
message A { bytes a = 1 [features.utf8_validation = NONE]; }
message A { map<string, int32> a = 1 [features.utf8_validation = NONE]; }
message A { map<int32, int32> a = 1 [features.utf8_validation = NONE]; }
message A { oneof o { int32 a = 1 [features.field_presence = EXPLICIT]; } }
message A { repeated int32 a = 1 [features.field_presence = EXPLICIT]; }
message A { extensions 5; } extend A { int32 a = 5 [features.field_presence = EXPLICIT]; }
message A { extensions 5; } extend A { int32 a = 5 [features.field_presence = LEGACY_REQUIRED]; }
message A { option features.field_presence = IMPLICIT; }
message A { option features.json_format = LEGACY_BEST_EFFORT; int32 a_b = 1; int32 aB = 2; }
message A { int32 a_b = 1; int32 aB = 2; }
message A { int32 a = 1 [features.enum_type = OPEN]; }
message A { int32 a = 1 [features.field_presence = FIELD_PRESENCE_UNKNOWN]; }
message A { int32 a = 1 [features.unknown = 1]; }
message A { int32 a = 1 [features = { field_presence: IMPLICIT }]; }
message A { int32 a = 1 [features = { field_presence: IMPLICIT }, features.field_presence = IMPLICIT]; }
message A { repeated int32 a = 1 [packed = true]; }
message A { repeated int32 a = 1 [packed = false]; }
option java_string_check_utf8 = true;
option java_string_check_utf8 = false;
message A { int32 a = 1 [features.enforce_naming_style = STYLE2024]; }
option features.default_symbol_visibility = STRICT;
import option "google/protobuf/any.proto";
export message A {}
local message A {}
import weak "google/protobuf/any.proto";
message A { string a = 1 [ctype = CORD]; }
message A { oneof o { option features.field_presence = EXPLICIT; int32 a = 1; } }
enum E { A = 0 [features.enum_type = CLOSED]; }
enum E { A = 0 [deprecated = true]; reserved B, C; reserved 5 to max; }
enum Foo { FOO_BAR = 0; BAR = 1; }
enum Foo { option features.json_format = LEGACY_BEST_EFFORT; FOO_BAR = 0; BAR = 1; }
message A { option message_set_wire_format = true; extensions 4 to max; } extend A { A a = 5; }
message A { option message_set_wire_format = true; int32 a = 1; }
message A { extensions 5 [declaration = { number: 5 full_name: ".a" type: "int32" }]; } extend A { int32 a = 5; }
message A { extensions 5 [declaration = { number: 5 full_name: ".b" type: "int32" }]; } extend A { int32 a = 5; }
message A { extensions 5 [declaration = { number: 5 full_name: ".a" type: "string" }]; } extend A { int32 a = 5; }
message A { extensions 5 [declaration = { number: 5 full_name: ".a" type: "int32" repeated: true }]; } extend A { int32 a = 5; }
message A { extensions 5 [declaration = { number: 5 reserved: true }]; } extend A { int32 a = 5; }
message A { extensions 5 [declaration = { number: 5 reserved: true }]; }
message A { extensions 5 [declaration = { number: 6 full_name: ".a" type: "int32" }]; }
message A { extensions 5 [declaration = { number: 5 full_name: "a" type: "int32" }]; }
message A { extensions 5 [declaration = { number: 5 full_name: ".a" type: "Foo" }]; }
message A { extensions 5 [declaration = { number: 5 full_name: ".a" type: ".Foo" }]; }
message A { extensions 5 [declaration = { number: 5 full_name: ".a" }]; }
message A { extensions 5 to 7 [declaration = { number: 5 full_name: ".a" type: "int32" }, declaration = { number: 5 full_name: ".b" type: "int32" }]; }
message A { extensions 5 to 7 [declaration = { number: 5 full_name: ".a" type: "int32" }, declaration = { number: 6 full_name: ".a" type: "int32" }]; }
message A { extensions 5 to 7 [declaration = { number: 5 full_name: ".a" type: "int32" }]; } extend A { int32 b = 6; }
message A { extensions 5 [verification = DECLARATION]; } extend A { int32 a = 5; }
message A { extensions 5 [verification = UNVERIFIED]; } extend A { int32 a = 5; }
message A { extensions 5 [verification = UNVERIFIED, declaration = { number: 5 full_name: ".a" type: "int32" }]; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.MessageOptions { int32 a = 50000 [targets = TARGET_TYPE_FIELD]; } message M { option (a) = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.MessageOptions { int32 a = 50000 [targets = TARGET_TYPE_MESSAGE]; } message M { option (a) = 5; }
import "google/protobuf/descriptor.proto"; extend google.protobuf.MessageOptions { int32 a = 50000 [retention = RETENTION_SOURCE]; } message M { option (a) = 5; }
import "google/protobuf/descriptor.proto"; message A { google.protobuf.FieldDescriptorProto.Type a = 1; }
import "google/protobuf/descriptor.proto"; message A { google.protobuf.FieldDescriptorProto.Type a = 1 [features.field_presence = IMPLICIT]; }
syntax = "proto3";
edition = "2023";
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { string a = 50000; } option (a) = "\xff";
import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { M a = 50000; } option (a) = { s: "\xff" }; message M { string s = 1; }
"""#

    private static let wholeFiles = #"""
edition = "2022";
edition = "2024"; message A {}
edition = 2023;
syntax = "proto4";
syntax = "editions";
syntax = proto3;
message A { int32 a = 1; }
message A { optional int32 a = 1; }
option java_package = "x"; syntax = "proto3";
; syntax = "proto3";
"""#

    /// What comes before each of `files`.
    var head: String {
        switch self {
        case .proto2: "syntax = \"proto2\";\n"
        case .proto3: "syntax = \"proto3\";\n"
        case .edition2023: "edition = \"2023\";\n"
        case .whole: ""
        }
    }

    var files: [String] {
        let lines =
            switch self {
            case .proto2: Self.proto2Files
            case .proto3: Self.proto3Files
            case .edition2023: Self.edition2023Files
            case .whole: Self.wholeFiles
            }
        return lines.split(separator: "\n").map(String.init)
    }

    /// Where the two don't agree, by file, and why.
    static let differences: [String: Difference] = [
        #"message A { reserved 5 to 1; }"#: .newerRefuses,
        #"message M { reserved 2147483647; }"#: .newerRefuses,
        #"message M { reserved 1 to 2147483647; }"#: .newerRefuses,
        #"message A { extensions 10 [verification = UNVERIFIED]; }"#: .newerTakes,
        #"message A { optional double a = 1 [default = 99999999999999999999999999]; }"#: .newerTakes,
        #"message M { optional string s = 1 [default = "\X41"]; }"#: .newerTakes,
        #"message A { optional string a = 1 [default = "\xff"]; }"#: .onlyUTF8,
        #"option java_package = "\xff";"#: .onlyUTF8,
        #"message A { string a = 1 [json_name = "\ud800"]; }"#: .onlyUTF8,
        #"message A { string a = 1 [json_name = "\U00110000"]; }"#: .onlyUTF8,
        #"message A { optional int32 a = 1 [json_name = "a\0b"]; }"#: .newerRefuses,
        #"message A { string a = 1 [json_name = "\400"]; }"#: .newerRefuses,
        #"message A { optional int32 a = 1 [json_name = "[a]"]; }"#: .newerRefuses,
        #"message A { optional int32 a = 1 [json_name = "x"]; optional int32 b = 2 [json_name = "x"]; }"#: .newerRefuses,
        #"message A { int32 a = 1 [json_name = "x"]; int32 b = 2 [json_name = "x"]; }"#: .newerRefuses,
        #"message A { int32 a = 1 [json_name = "b"]; int32 b = 2; }"#: .newerRefuses,
        #"message A { option map_entry = true; }"#: .newerRefuses,
        #"message A { option map_entry = false; }"#: .newerRefuses,
        #"message A { optional int32 a = 1; optional int32 _a = 2; }"#: .newerCompares,
        #"message A { optional int32 a = 1; int32 _a = 2; int32 X_a = 3; }"#: .newerCompares,
        #"message A { int32 a_b = 1; int32 ab = 2; }"#: .newerCompares,
        #"message A { int32 a = 1; int32 A = 2; }"#: .newerCompares,
        #"message A { int32 foo = 1; int32 _foo = 2; }"#: .newerCompares,
        #"message A { option deprecated_legacy_json_field_conflicts = true; int32 a_b = 1; int32 aB = 2; }"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = inf;"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = -inf;"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = nan;"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: "\xff" }; message M { string s = 1; }"#: .newerRefuses,
    ]

    enum Difference {
        /// protoc 3.21 lets it pass; newer ones refuse it, as Martlet does.
        case newerRefuses
        /// protoc 3.21 compares names without capitals and underscores; newer ones compare JSON names, as Martlet does.
        case newerCompares
        /// protoc 3.21 doesn't know it; newer ones take it, as Martlet does.
        case newerTakes
        /// Martlet's descriptors hold text as UTF-8, and there is none.
        case onlyUTF8
    }
}
