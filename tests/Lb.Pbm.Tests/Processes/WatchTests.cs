using System.Diagnostics;

namespace Lb.Pbm.Tests.Processes;

/// <summary>Commands that are repeated.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private DeclaringHost _host = null!;

    public async Task InitializeAsync() => _host = await DeclaringHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Answers_are_separated_until_interrupted()
    {
        using Process process = PbmProcess.Start(
            PbmProcess.Executable, [_host.Address, "--watch", "10ms", "service", "list"]);
        foreach (string expected in (string[])["web | 12", "mail | 7", "Count: 2 services", "", "web | 12"])
        {
            Assert.Equal(expected, await process.StandardOutput.ReadLineAsync());
        }

        PbmProcess.Interrupt(process);
        (int exitCode, _, string error) = await PbmProcess.EndAsync(process);
        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task Watch_ends_when_nobody_reads_it()
    {
        using Process process = PbmProcess.Start(
            PbmProcess.Executable, [_host.Address, "service", "list", "--watch=10ms"]);
        Assert.Equal("web | 12", await process.StandardOutput.ReadLineAsync());
        process.StandardOutput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Command_that_changes_something_is_not_repeated()
    {
        (int exitCode, _, string error) =
            await PbmProcess.RunAsync(_host.Address, "--watch", "service", "remove", "web");
        Assert.Equal(2, exitCode);
        Assert.StartsWith("pbm: 'service remove' changes something, and --watch repeats only", error);
        Assert.Empty(_host.Received);
    }

    [Fact]
    public async Task Refusal_ends_a_watch()
    {
        _host.Answer("service/list", """{ "detail": "No." }""", 403);
        (int exitCode, _, string error) =
            await PbmProcess.RunAsync(_host.Address, "--watch", "10ms", "service", "list");
        Assert.Equal((4, "pbm: No.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Host_that_is_gone_is_told_and_waited_for()
    {
        using Process process = PbmProcess.Start(
            PbmProcess.Executable, [_host.Address, "--watch", "50ms", "service", "list"]);
        Assert.Equal("web | 12", await process.StandardOutput.ReadLineAsync());
        string address = _host.Address;
        await _host.DisposeAsync();
        Assert.StartsWith($"pbm: ", await process.StandardError.ReadLineAsync());
        _host = await DeclaringHost.StartAsync(address);
        _host.Answer("service/list", """{ "message": "back again", "data": null }""");
        string? line = "";
        while (line is not null and not "back again")
        {
            line = await process.StandardOutput.ReadLineAsync();
        }

        Assert.Equal("back again", line);
        PbmProcess.Interrupt(process);
        Assert.Equal(0, (await PbmProcess.EndAsync(process)).ExitCode);
    }
}
