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
        Assert.Equal((0, expected, ""), await PbmProcess.RunAsync("--complete", $"pbm {_host.Address} {line}"));

    [Fact]
    public async Task Address_may_come_from_the_environment() => Assert.Equal(
        (0, "service\n", ""),
        await PbmProcess.FeedAsync("", ["--complete", "/usr/bin/pbm serv"], ("PBM_HOST", _host.Address)));

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
}
