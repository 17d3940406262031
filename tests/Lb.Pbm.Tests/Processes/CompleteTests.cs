using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Tests.Processes;

/// <summary>What pbm tells a shell that asks how a line could go on.</summary>
public sealed class CompleteTests : IAsyncLifetime
{
    private DeclaringHost _host = null!;

    public async Task InitializeAsync() => _host = await DeclaringHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("", "service\nbackend\ndoctor\nhelp\n")]
    [InlineData("se", "service\n")]
    [InlineData("--o", "--output\n")]
    [InlineData("--output ", "table\njson\n")]
    [InlineData("--output=j", "--output=json\n")]
    [InlineData("--output json service ", "list\nshow\nremove\nhelp\n")]
    [InlineData("service show ", "web\nmail\ntwo words\n")]
    [InlineData("service show 'two", "two words\n")]
    [InlineData("service show web --tag=x --dep", "--depth\n")]
    [InlineData("service show web --depth=", "--depth=1\n--depth=2\n--depth=4\n")]
    [InlineData("help ser", "service\n")]
    [InlineData("exi", "")]
    [InlineData("nothing ", "")]
    public async Task Candidates_are_printed_one_a_line(string line, string expected) =>
        Assert.Equal((0, expected, ""), await CompleteAsync($"pbm {_host.Address} {line}"));

    [Fact]
    public async Task Address_may_come_from_the_environment() =>
        Assert.Equal((0, "service\n", ""), await CompleteAsync("/usr/bin/pbm serv", ("PBM_HOST", _host.Address)));

    [Theory]
    [InlineData(3, "pbm 127.0.0.1:1 service ")]
    [InlineData(2, "pbm --output xml ")]
    [InlineData(2, "pbm --nonsense x ")]
    public async Task What_cannot_be_completed_is_an_error(int exitCode, string line)
    {
        (int ended, string output, _) = await PbmProcess.RunAsync("--complete", line);
        Assert.Equal((exitCode, ""), (ended, output));
    }

    [Fact]
    public async Task Host_that_is_silent_is_not_waited_for()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        (int exitCode, string output, _) = await PbmProcess.RunAsync("--complete", $"pbm {silent.LocalEndpoint} service ");
        Assert.Equal((3, ""), (exitCode, output));
    }

    [Fact]
    public void Every_option_has_its_line_in_help_and_manual() => Assert.Equal(
        [.. ClientOptions.Names, .. AccessOptions.Names, "--help", "--version"], ClientOption.All.Select(option => option.Name));

    /// <summary>
    /// Asks as a person does, who presses Tab again: a host may have more to do than to answer within the second that
    /// a Tab waits.
    /// </summary>
    private static async Task<(int ExitCode, string Output, string Error)> CompleteAsync(
        string line, params (string Name, string Value)[] environment)
    {
        const int Presses = 30;
        for (int press = 1; ; press++)
        {
            (int ExitCode, string Output, string Error) answer = await PbmProcess.FeedAsync("", ["--complete", line], environment);
            if (!answer.Error.Contains("did not answer within 1 s", StringComparison.Ordinal) || press == Presses)
            {
                return answer;
            }
        }
    }
}
