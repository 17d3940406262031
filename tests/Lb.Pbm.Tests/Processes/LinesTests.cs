namespace Lb.Pbm.Tests.Processes;

/// <summary>pbm with commands on standard input.</summary>
public sealed class LinesTests : IAsyncLifetime
{
    private DeclaringHost _host = null!;

    public async Task InitializeAsync() => _host = await DeclaringHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Each_line_is_a_command()
    {
        _host.Answer("service/show", """{ "message": "shown", "data": null }""");
        (int exitCode, string output, string error) =
            await FeedAsync("# all of them\nservice list\n\n  service show \"two words\"  \n");
        Assert.Equal((0, "web | 12\nmail | 7\nCount: 2 services\nshown\n", ""), (exitCode, output, error));
        Assert.Equal("""{"arguments":{"service":["two words"]}}""", _host.Received.Last().Body);
    }

    [Fact]
    public async Task First_failure_ends_them_with_its_line_and_exit_code()
    {
        _host.Answer("service/remove", """{ "detail": "No.", "mend": "Ask." }""", 403);
        (int exitCode, string output, string error) =
            await FeedAsync("service list\nservice remove web\nservice list\n");
        Assert.Equal((4, "pbm: line 2: No.\nAsk.\n"), (exitCode, error));
        Assert.Equal("web | 12\nmail | 7\nCount: 2 services\n", output);
        Assert.Equal(2, _host.Received.Count);
    }

    [Fact]
    public async Task Line_that_is_wrong_ends_them_with_2()
    {
        (int exitCode, _, string error) = await FeedAsync("service show 'web\n");
        Assert.Equal(2, exitCode);
        Assert.Equal("pbm: line 1: A quote in 'web is not closed.\nClose it with the same quote.\n", error);
        Assert.Empty(_host.Received);
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("quit")]
    public async Task Lines_after_leaving_are_not_read(string word)
    {
        (int exitCode, string output, _) = await FeedAsync($"{word}\nservice list\n");
        Assert.Equal((0, ""), (exitCode, output));
    }

    private Task<(int ExitCode, string Output, string Error)> FeedAsync(string input) =>
        PbmProcess.FeedAsync(input, [_host.Address]);
}
