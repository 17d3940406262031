using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Lb.Pbm.Tests.Processes;

/// <summary>Answers that come line by line.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Palettes = """
        { "palettes": [ { "name": "log", "commands": [
          { "name": "tail", "changes": false, "streams": true, "arguments": [ { "name": "follow", "kind": "flag" } ] },
          { "name": "level", "changes": true, "arguments": [] } ] } ] }
        """;

    private readonly string _state = Directory.CreateTempSubdirectory("pbm-").FullName;
    private DeclaringHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await DeclaringHost.StartAsync();
        _host.Palettes = Palettes;
        _host.Answer("log/tail", FollowAsync);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task Lines_are_printed_as_they_come_until_interrupted()
    {
        using Process process = PbmProcess.Start(PbmProcess.Executable, [_host.Address, "log", "tail", "--follow"]);
        Assert.Equal("first \\u001b[2J", await process.StandardOutput.ReadLineAsync());
        Assert.Equal("second", await process.StandardOutput.ReadLineAsync());
        PbmProcess.Interrupt(process);
        (int exitCode, string output, string error) = await PbmProcess.EndAsync(process);
        Assert.Equal((0, "", ""), (exitCode, output, error));
    }

    [Fact]
    public async Task Lines_are_raw_json_where_json_is_asked_for()
    {
        using Process process = PbmProcess.Start(
            PbmProcess.Executable, [_host.Address, "--output", "json", "log", "tail"]);
        Assert.Equal("""{"n":1,"deep":{"a":[1,2]}}""", await process.StandardOutput.ReadLineAsync());
        PbmProcess.Interrupt(process);
        Assert.Equal(0, (await PbmProcess.EndAsync(process)).ExitCode);
    }

    [Fact]
    public async Task Stream_ends_when_the_host_ends_it()
    {
        _host.Answer("log/tail", context => context.Response.WriteAsync("{\"text\":\"only\"}\n\n"));
        Assert.Equal((0, "only\n", ""), await PbmProcess.RunAsync(_host.Address, "log", "tail"));
    }

    [Fact]
    public void Ctrl_C_ends_a_stream_and_the_prompt_stays()
    {
        using Terminal terminal = new([_host.Address], _state);
        terminal.WaitFor("pbm> ");
        terminal.Type("log tail --follow", Terminal.Enter).WaitFor("second");
        terminal.Type(Terminal.CtrlC).WaitFor("Interrupted.");
        terminal.WaitFor("pbm> ");
        terminal.Type("log tail", Terminal.Enter).WaitFor("first");
        terminal.Type(Terminal.CtrlC).WaitFor("pbm> ");
        terminal.Type(Terminal.CtrlD);
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Fact]
    public async Task Host_that_dies_ends_a_stream_with_no_connection()
    {
        var seen = new TaskCompletionSource();
        _host.Answer("log/tail", async context =>
        {
            await context.Response.WriteAsync("{\"text\":\"last\"}\n");
            await context.Response.Body.FlushAsync();
            await seen.Task;
            context.Abort();
        });
        using Process process = PbmProcess.Start(PbmProcess.Executable, [_host.Address, "log", "tail"]);
        Assert.Equal("last", await process.StandardOutput.ReadLineAsync());
        seen.SetResult();
        (int exitCode, _, string error) = await PbmProcess.EndAsync(process);
        Assert.Equal(3, exitCode);
        Assert.StartsWith($"pbm: The connection to {_host.Address} was lost", error);
    }

    [Theory]
    [InlineData("no json\n")]
    [InlineData("{\"data\":1}\n")]
    [InlineData("null\n")]
    [InlineData("long")]
    public async Task Garbage_is_told_as_such(string body)
    {
        _host.Answer("log/tail", context => context.Response.WriteAsync(body == "long" ? new string('x', 2 << 20) : body));
        (int exitCode, _, string error) = await PbmProcess.RunAsync(_host.Address, "log", "tail");
        Assert.Equal(1, exitCode);
        Assert.Contains("no answer to pbm", error);
    }

    [Fact]
    public async Task Refusal_and_silence_are_told_and_a_watch_is_wrong_usage()
    {
        _host.Answer("log/tail", """{ "detail": "Too many readers." }""", 503);
        Assert.Equal((1, "", "pbm: Too many readers.\n"), await PbmProcess.RunAsync(_host.Address, "log", "tail"));
        _host.Hang("log/tail");
        Assert.Equal(3, (await PbmProcess.RunAsync(_host.Address, "--timeout", "200ms", "log", "tail")).ExitCode);
        (int exitCode, _, string error) = await PbmProcess.RunAsync(_host.Address, "--watch", "log", "tail");
        Assert.Equal(2, exitCode);
        Assert.StartsWith("pbm: 'log tail' comes line by line already", error);
    }

    private static async Task FollowAsync(HttpContext context)
    {
        await context.Response.WriteAsync("{\"text\":\"first \\u001b[2J\",\"data\":{\"n\":1,\"deep\":{\"a\":[1,2]}}}\n\n");
        await context.Response.WriteAsync("{\"text\":\"second\",\"data\":{\"n\":2}}\n");
        await context.Response.Body.FlushAsync();
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
