// The line interface: every type there and back, and what it refuses.

#include "connectors/json/cel_lines.h"

#include <gtest/gtest.h>

namespace {

TEST(CelLines, BringsEveryTypeBack) {
  for (const std::string value :
       {R"({"type":"null","value":null})", R"({"type":"bool","value":true})",
        R"({"type":"int","value":-9223372036854775808})",
        R"({"type":"uint","value":18446744073709551615})", R"({"type":"double","value":"-0.25"})",
        R"({"type":"string","value":"a\"\\\u000a火"})", R"({"type":"bytes","value":"00ff"})",
        R"({"type":"type","value":"int"})",
        R"({"type":"list","value":[{"type":"int","value":1},{"type":"null","value":null}]})",
        R"({"type":"map","value":[[{"type":"string","value":"k"},{"type":"int","value":1}]]})",
        R"({"type":"duration","value":{"seconds":-1,"nanos":-500000000}})",
        R"({"type":"timestamp","value":{"seconds":-1,"nanos":500000000}})"}) {
    EXPECT_EQ(connectors::answer(R"({"expr":"x","vars":{"x":)" + value + "}}"), value);
  }
}

TEST(CelLines, SaysWhatIsWrong) {
  EXPECT_EQ(connectors::answer("{"), R"({"error":"the line is not JSON"})");
  EXPECT_EQ(connectors::answer("{}"), R"({"error":"the line has no \"expr\""})");
  EXPECT_EQ(connectors::answer(R"({"expr":"1 +"})"),
            R"({"error":"line 1, column 4: unexpected end of the expression; expected a value"})");
  EXPECT_EQ(connectors::answer(R"({"expr":"x","vars":{"x":{"type":"int","value":"1"}}})"),
            R"({"error":"the variable x is no typed value"})");
  EXPECT_EQ(connectors::answer(R"({"expr":"1 / 0"})"),
            R"({"error":"line 1, column 3: division by zero"})");
}

}  // namespace
