// swift-format-ignore-file

/// Files with all that the language has, to be read by protoc and by Martlet.
enum Fixtures {
    static let files: [String: String] = [
        "proto2.proto": #"""
// detached file comment

/* block
 * comment for syntax
 */
syntax = "proto2"; // trailing syntax
// next line trailing?

// detached before package

// leading package
package rich.v1; /* trailing package */

/* a */ /* b */
import public "google/protobuf/any.proto"; // any
import weak "google/protobuf/empty.proto";
// just after empty

option java_package = "a" "b\x41\101\n"; // jp
option optimize_for = CODE_SIZE;
option deprecated = true;

// Extends
extend google.protobuf.FileOptions {
  // ext field
  optional string my_file_opt = 50001; // trail ext
  repeated group Grp = 50002 { optional int32 a = 1; } // trail group
}
import "google/protobuf/descriptor.proto";

/* Leading M
   more
   * starred */
message M { // trailing of M open
  // detached in M

  // leading a
  optional int32 a = 1 [default = -0x10, deprecated=true, json_name = "AAA"];
  // trailing a, line after

  required string s = 2 [default = "h\"i\u00e9\t'"]; // trailing s
  repeated int64 r = 3 [packed = true];
  optional bytes b = 4 [default = "\xff\0\n\"'a\\"];
  optional double d = 5 [default = 1e10];
  optional double d2 = 6 [default = -inf];
  optional float f = 7 [default = 0.1];
  optional float f2 = 8 [default = nan];
  optional double d3 = 9 [default = 0.1];
  optional float f3 = 10 [default = 3.4028235e38];
  optional uint64 u = 11 [default = 0xffffffffffffffff];
  optional int64 i = 12 [default = -9223372036854775808];
  optional bool bo = 13 [default = true];
  optional E e = 14 [default = E_B];
  optional .rich.v1.M.N n = 15;
  map<string, N> my_map = 16; // map trailing
  // oneof leading
  oneof choice { // open
    // x leading
    string x = 17; // x trailing
    N y = 18;
    group OneGroup = 19 { optional int32 z = 1; }
    // end of oneof
  }
  optional group Result = 20 {
    // in group
    required string url = 1;
    extensions 100 to max;
  }
  // detached end
  reserved 30, 40 to 50, 60 to 70;
  reserved "foo", "bar";
  extensions 1000 to 1999, 3000;
  extensions 4000 to max;
  extend M { optional int32 in_m = 1000; }
  message N { option deprecated = true; }
  enum E { option allow_alias = true; E_A = 0; E_B = 1 [deprecated = true]; E_C = 1; reserved -5 to -1, 10 to max; reserved - 8, -7; reserved "OLD"; }
	optional int32	tabbed = 21; /* multi
	line */ optional int32 after_block = 22;
  ;
  optional sfixed64 x1=23;optional fixed32 x2=24;
  optional float f4 = 25 [default = 5];
  optional float f5 = 26 [default = 1.5e-10];
  optional double d6 = 27 [default = -1.];
  optional double d7 = 28 [default = 123456789.123456789];
  optional float big = 29 [default = 1e39];
  optional float tiny = 31 [default = 1e-45];
}

// Svc
service S {
  option deprecated = true;
  // Do
  rpc Do(M) returns (stream .rich.v1.M); // do
  rpc Up(stream M.N) returns (M) { option deprecated = false; option idempotency_level = IDEMPOTENT; } // up
  rpc Both(stream M) returns (stream M) {}
  // last
}
// at the end

"""#,
        "proto3.proto": #"""
syntax = "proto3";
// d1
/* d2 */
package p3;
// lead
/* nested star
** two
*/
message A {
  optional int32 a = 1;
  oneof o { int32 b = 2; }
  optional string _c = 3;
  optional string o_ = 4;
  int32 _ab = 5;
  map<int32, string> m_ap_x = 6;
  map<bool, A> second = 7;
  repeated int32 not_packed = 8 [packed=false];
  enum State { S0 = 0; }
  State state = 9;
  string fooBAR_baz__qux_1 = 10;
  message Deep { message Deeper { Deep back = 1; A up = 2; Deeper me = 3; } }
  Deep.Deeper dd = 11;
  p3.A.State q = 12;
  /* before close */
}
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional int32 none = 50001; int32 implicit = 50002; repeated A msgs = 50003; }
message map { int32 message = 1; map repeated_ = 2; string returns = 3; string rpc = 4;  bool stream = 5; }
service Sv { rpc stream(A) returns (.p3.A); rpc X(stream .p3.A) returns (p3.A) { ; } }

"""#,
        "custom.proto": #"""
syntax = "proto2";
package c.v1;
import "google/protobuf/descriptor.proto";
import "google/protobuf/any.proto";
import "implicit.proto";
extend google.protobuf.FileOptions { optional string fs = 50001; repeated int32 fr = 50002; optional M fm = 50003; repeated M fms = 50004; optional group G = 50005 { optional int32 gi = 1; repeated string gs = 2; } optional c3.P p3 = 50006; optional google.protobuf.Any any = 50007; }
extend google.protobuf.MessageOptions { optional E me = 50001; optional sint32 ms = 50002; optional fixed64 mf = 50003; optional float mfl = 50004; optional double md = 50005; optional bytes mb = 50006; optional bool mbo = 50007; optional int32 mi = 50008; optional sfixed32 msf = 50009; optional uint64 mu = 50010; }
extend google.protobuf.FieldOptions { optional M field_m = 50001; }
extend google.protobuf.OneofOptions { optional int32 oo = 50001; }
extend google.protobuf.EnumOptions { optional int32 eo = 50001; }
extend google.protobuf.EnumValueOptions { optional int32 evo = 50001; }
extend google.protobuf.ServiceOptions { optional M so = 50001; }
extend google.protobuf.MethodOptions { repeated M mo = 50001; }
extend google.protobuf.ExtensionRangeOptions { optional int32 ero = 50001; }
message M { optional int32 a = 1; optional M m = 2; repeated string s = 3; optional E e = 4; repeated int32 r = 5; repeated int32 pk = 6 [packed=true]; oneof o { int32 x = 7; M y = 8; } extensions 100 to 200; extend M { optional M ext = 100; optional int32 exti = 101; } repeated M ms = 9; optional float f = 10; map<string, int32> mp = 11; optional double d = 12;}
enum E { E1 = 1; E2 = -2; }
option (fs) = "a\xc3\xa9" "b"; option (fr) = 1; option (fr) = -2; option java_package = "zz";
option (fm).a = 5; option (.c.v1.fm).m.a = 6; option (fm).m.m = { a: 7, s: "x" s: ["y", 'z' "w"]; e: E2 r: [1,2,3] r: -4 pk: [5,6] pk: 7 x: 0 ms { } ms: < a: 0x10 > [c.v1.M.ext] { a: 8 } f: 1.5 d: -inf };
option (fm).(c.v1.M.exti) = 4; option (fm).(M.ext).a = 9; option (c.v1.fms) = { s: 'q' a: 017 }; option (fms) = { };
option (p3) = { z: 0 str: "" rep: [0, 1] opt: 0 sub { } en: P_A mp { key: "k" value: 0 } mp { key: "" value: 3 } x: 0 b: true };
option (any) = { [type.googleapis.com/c.v1.M] { a: 1 } };
option (g).gi = 3; option (g).gs = "a"; option (g).gs = "b"; option (holder) = { Inner { b: 1 } Inner { } };
extend google.protobuf.FileOptions { optional Holder holder = 50008; } message Holder { repeated group Inner = 1 { optional int32 b = 1; } }
message O { option (me) = E2; option (ms) = -5; option (mf) = 0xff; option (mfl) = 1.1; option (md) = 3; option (mb) = "\xff\0"; option (mbo) = true; option (mi) = -7; option (msf) = -1; option (mu) = 18446744073709551615;
  // c
  optional int32 a = 1 [(field_m).a = 1, deprecated = true, (field_m).s = "1", (field_m).s = "2"]; // t
  oneof q { option (oo) = 1; int32 w = 2 [(field_m) = { a: 1 }]; }
  extensions 10 to 20, 30 [(ero) = 5];
}
enum F { option (eo) = 2; F0 = 0 [(evo) = 1]; }
service S { option (so) = { a: 1 }; rpc A(M) returns (M) { option (mo) = { a: 1 }; option (mo) = { a: 2 }; option deprecated = true; } }

"""#,
        "implicit.proto": #"""
syntax = "proto3";
package c3;
message P { int32 z = 1; string str = 2; repeated int32 rep = 3; optional int32 opt = 4; P sub = 5; enum En { P_A = 0; P_B = 1; } En en = 6; map<string, int32> mp = 7; oneof o { int32 x = 8; } bool b = 9; }

"""#,
        "windows.proto": "\u{FEFF}syntax = \"proto3\"; // hi\r\nmessage Foo {\r\n  // c\r\n  int32 a = 1;\r\n}\r\n",
        "empty.proto": "",
        "comment.proto": "// Only a comment.",
        "one_line.proto": "syntax='proto3';message A{int32 a=1;/*x*/}/*y*/message B{}//z",
    ]

    static let editions: [String: String] = [
        "features.proto": #"""
// Detached.

/* Leading. */
edition = "2023"; // Trailing.
package e.v1;
option features.enum_type = CLOSED;
option features.utf8_validation = VERIFY;
import "more.proto";
// M
message M {
  option features.json_format = LEGACY_BEST_EFFORT;
  int32 a = 1; // a
  int32 b = 2 [features.field_presence = IMPLICIT, deprecated = true];
  int32 c = 3 [features.field_presence = LEGACY_REQUIRED, json_name = "see"];
  M d = 4 [features.message_encoding = DELIMITED];
  map<string, M> e = 5 [features.utf8_validation = NONE];
  repeated int32 f = 6 [features.repeated_field_encoding = EXPANDED];
  int32 g = 7 [default = -5];
  E h = 8 [default = E_B];
  oneof o { int32 i = 9; M j = 10; }
  extensions 100 to 200, 300 to max;
  extensions 201 [verification = DECLARATION, declaration = { number: 201 full_name: ".e.v1.ok" type: "int32" }];
  reserved foo, bar;
  reserved 11, 12 to 14;
  more.v1.Open k = 15;
  message optional { int32 x = 1; }
}
extend M { int32 ext = 100; repeated int32 list = 101; M delimited = 102 [features.message_encoding = DELIMITED]; }
enum E { E_B = 2; E_C = 3; reserved BAZ, QUX; reserved 7 to max; }
enum F { option features.enum_type = OPEN; F_A = 0 [(more.v1.note) = "n"]; }
service S { rpc R(M) returns (stream M); }

"""#,
        "more.proto": #"""
edition = "2023";
package more.v1;
import "google/protobuf/descriptor.proto";
option features.field_presence = IMPLICIT;
option features.message_encoding = DELIMITED;
enum Open { OPEN_A = 0; }
extend google.protobuf.EnumValueOptions { string note = 50000; Part part = 50001 [targets = TARGET_TYPE_ENUM_ENTRY]; }
extend google.protobuf.EnumOptions { string source = 50000 [retention = RETENTION_SOURCE]; }
message Part { repeated int32 packed = 1; int32 zero = 2; Part sub = 3; map<string, int32> m = 4; optionally o = 5; }
message optionally { repeated int32 expanded = 1 [features.repeated_field_encoding = EXPANDED]; }
enum Used { option (source) = "s"; U = 0 [(part) = { packed: [1, 2] zero: 0 sub { zero: 1 } m { key: "a" value: 1 } o { expanded: [1, 2] } }]; }

"""#,
    ]
}
