using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Tests;

/// <summary>What cannot be brought about on every machine: names that do not resolve, odd login names.</summary>
public sealed class FailuresTests
{
    [Fact]
    public void Name_that_is_unknown_is_no_connection()
    {
        PbmException exception = Failures.Of(
            new HostAddress("node7", 9110),
            new HttpRequestException(HttpRequestError.NameResolutionError),
            changes: true);
        Assert.Equal((ExitCode.NoConnection, "There is no host 'node7'."), (exception.ExitCode, exception.Message));
    }

    [Theory]
    [InlineData("ada", "ada")]
    [InlineData("ada\r\nX-Evil: 1", "adaX-Evil: 1")]
    [InlineData("äda", "da")]
    [InlineData("  ", "unknown")]
    public void Login_name_fits_a_header(string name, string sent) => Assert.Equal(sent, UserName.Clean(name));
}
