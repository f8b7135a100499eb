#include "app/committer.h"

#include <gtest/gtest.h>

#include "streams/check.h"

namespace app {
namespace {

TEST(Committer, AJobThatThrowsHasFailedAndTheNextIsDone) {
  Committer committer;
  committer.start([]() -> streams::Result<void> {
    CHECK(1 + 1 == 3);
    return {};
  });
  const auto failed = committer.wait();
  ASSERT_TRUE(failed && !failed->ok());
  EXPECT_EQ(failed->error().kind, streams::Error::Kind::fatal);
  EXPECT_NE(failed->error().what.find("1 + 1 == 3"), std::string::npos) << failed->error().what;
  committer.start([] { return streams::Result<void>{}; });
  EXPECT_TRUE(committer.wait()->ok());
}

}  // namespace
}  // namespace app
