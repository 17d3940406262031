using System.Diagnostics;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>pbm against a real lbd: what an operator types, and what comes of it.</summary>
public sealed class PbmTests : IDisposable
{
    private const string Web = """
        services.web { vip = 203.0.113.10, port = 80
          backends { b1 { address = 10.77.1.2, port = 8080 }, b2 { address = 10.77.1.3, port = 8080 } } }
        """;

    private readonly LbdProcess _lbd = new();

    public PbmTests()
    {
        _lbd.Configure(Web);
        _lbd.Start();
    }

    public void Dispose() => _lbd.Dispose();

    [RootFact]
    public void A_maintenance_from_drain_to_rollback_is_done_with_pbm_alone()
    {
        Assert.Matches(@"^Site lbh-\S+ is well: 1 node, revision 1, 1 service in the kernel", Ok("cluster", "status"));
        Assert.Matches(@"akka://lb \| \[alone\] \| up \| .*\nCount: 1 node\n$", Ok("cluster", "show"));
        Assert.Contains("web | tcp 203.0.113.10:80 | nat", Ok("service", "list"));
        Assert.Contains("drains: revision 2", Ok("backend", "drain", "web", "b1", "--why", "kernel update"));
        Assert.Contains("b1 | tcp 10.77.1.2:8080 | draining", Ok("backend", "list", "web"));
        Assert.Contains("Count: 2 backends", Ok("backend", "list", "web"));
        Assert.Contains("revision 3", Ok("backend", "add", "web", "b3", "address=10.77.1.4", "port=8080"));
        Assert.Contains("revision 4", Ok("service", "set", "web", "tracking=full", "flow-memory=5m"));
        JsonElement history = JsonDocument.Parse(Ok("--output", "json", "config", "history")).RootElement;
        Assert.Equal("kernel update", history[1].GetProperty("why").GetString());
        Assert.Contains("revision 5", Ok("config", "rollback", "1"));
        Assert.Contains("Count: 0 changes", Ok("config", "diff"));
        Assert.Contains("b1 | tcp 10.77.1.2:8080 | up", Ok("backend", "list", "web"));
    }

    [RootFact]
    public void What_was_changed_with_pbm_outlives_a_kill()
    {
        Ok("backend", "weight", "web", "b1", "7");
        _lbd.Signal("KILL");
        _lbd.WaitForEnd();
        _lbd.Start();
        Assert.Equal(
            7,
            _lbd.Get("/api/v1/services/web").GetProperty("backends")[0].GetProperty("weight").GetInt32());
        Assert.Contains("weight of backend b1 of web is 7", Ok("config", "diff"));
    }

    [RootFact]
    public void What_would_move_too_many_flows_is_refused_to_pbm_and_to_a_reload_alike()
    {
        string limited = $"plan.max-moved-flows = 20%\n{Web}";
        _lbd.Configure(limited);
        _lbd.Signal("HUP");
        _lbd.WaitForLog("Reload done: revision 2");
        (int exitCode, _, string error) = Pbm("backend", "drain", "web", "b1");
        Assert.Equal(4, exitCode);
        Assert.Contains("of the live flows of web would move, and plan.max-moved-flows is 20.0", error);
        Assert.Contains("--force", error);
        Assert.Contains("Refused unless forced", Ok("backend", "drain", "web", "b1", "--plan"));

        _lbd.Configure(limited.Replace("10.77.1.3", "10.77.1.9"));
        _lbd.Signal("HUP");
        _lbd.WaitForLog("Reload failed: ");
        Assert.Contains(_lbd.Log, line => line.Contains("plan.max-moved-flows") && line.Contains("config apply --force"));
        Assert.Contains("revision 3", Ok("config", "apply", "--force", "--why", "new rack"));
        Assert.Contains("new rack (forced: ", Ok("config", "history"));
        Assert.Equal(4, Pbm("config", "rollback", "1").ExitCode);
        Assert.Contains("slots", Ok("config", "rollback", "1", "--plan"));
        Assert.Contains("revision 4", Ok("config", "rollback", "1", "--force"));
    }

    [RootFact]
    public void The_log_is_read_and_followed_and_its_level_set_until_a_reload()
    {
        Assert.Matches(@"info +Lb\.Host\[3001\] lbd ", Ok("log", "tail", "--lines", "1000"));
        Assert.Contains("\"event\":\"Starting\"", Ok("--output", "json", "log", "tail", "-n", "1000"));
        Assert.DoesNotContain("info ", Ok("log", "tail", "--level", "error"));
        Assert.Contains("* | debug", Ok("log", "level", "debug"));
        Assert.Contains("Lb.Actors | error", Ok("log", "level", "error", "--category", "Lb.Actors"));
        Process tail = _lbd.StartBeside("pbm", "log", "tail", "--follow", "--lines", "0", "--output", "json");
        Task<string?> line = tail.StandardOutput.ReadLineAsync();
        // The reader may come after a signal: one is sent until it has seen one.
        Wait.Until(
            () =>
            {
                _lbd.Signal("HUP");
                return line.Wait(TimeSpan.FromMilliseconds(200));
            },
            "pbm shows what is logged");
        Assert.Equal("Reloading", JsonDocument.Parse(line.Result!).RootElement.GetProperty("event").GetString());
        Command.Run("kill", "-INT", $"{tail.Id}");
        Assert.True(tail.WaitForExit(TimeSpan.FromSeconds(30)), "pbm did not end");
        Assert.Equal(0, tail.ExitCode);

        Wait.Until(() => Ok("log", "level") == "* | info\nCount: 1 level\n", "the reload took the levels back");
        Process last = _lbd.StartBeside("pbm", "log", "tail", "--follow");
        Assert.NotNull(last.StandardOutput.ReadLine());
        _lbd.Signal("TERM");
        Assert.Equal(0, _lbd.WaitForEnd());
        Assert.True(last.WaitForExit(TimeSpan.FromSeconds(30)), "pbm did not end with the node");
        Assert.Equal(0, last.ExitCode);
    }

    [RootFact]
    public void Wrong_things_have_their_exit_codes()
    {
        Assert.Equal(2, Pbm("backend", "fly").ExitCode);
        Assert.Equal(2, Pbm("backend", "drain", "web").ExitCode);
        (int exitCode, _, string error) = Pbm("backend", "drain", "web", "b9");
        Assert.Equal(4, exitCode);
        Assert.Contains("service web has no backend b9", error);
        Assert.Equal(3, Pbm("127.0.0.1:1", "service", "list").ExitCode);
        Assert.Equal(2, Pbm("log", "tail", "--level", "loud").ExitCode);
        Assert.Equal(2, Pbm("log", "level", "loud").ExitCode);
        Assert.Equal(4, Pbm("log", "level", "debug", "--category", "Nobody").ExitCode);
        Assert.Equal(3, Pbm("127.0.0.1:1", "log", "tail").ExitCode);
        Assert.Equal(2, Pbm("cluster", "join").ExitCode);
        Assert.Equal(2, Pbm("cluster", "show", "all").ExitCode);
        Assert.Equal(3, Pbm("127.0.0.1:1", "cluster", "status").ExitCode);
        Assert.Equal(2, Pbm("flow", "lookup", "tcp").ExitCode);
        Assert.Equal(2, Pbm("flow", "lookup", "tcp", "198.51.100.7", "203.0.113.10:80").ExitCode);
        Assert.Equal(2, Pbm("kernel", "mend").ExitCode);
        Assert.Equal(4, Pbm("flow", "show", "tcp", "198.51.100.7:1", "203.0.113.10:80").ExitCode);
        Assert.Equal(4, Pbm("flow", "list", "--service", "mail").ExitCode);
        Assert.Equal(3, Pbm("127.0.0.1:1", "flow", "lookup", "tcp", "198.51.100.7:1", "203.0.113.10:80").ExitCode);
        Assert.Equal(3, Pbm("127.0.0.1:1", "kernel", "repair").ExitCode);
    }

    [RootFact]
    public void Flows_are_explained_and_the_kernel_is_looked_at()
    {
        string lookup = Ok("flow", "lookup", "tcp", "198.51.100.7:40000", "203.0.113.10:80");
        Assert.Contains("of 4093, by hash", lookup);
        Assert.Contains("xdp: client0 native", lookup);
        Assert.Contains("config revision 1", lookup);
        Assert.Contains("0 tracked flows", Ok("flow", "list", "-s", "web", "-n", "5"));
        Assert.Contains("lb_vips4 | hash | 8 | 20 | 32 | 2 |", Ok("kernel", "maps"));
        Assert.Contains("The kernel holds what was written", Ok("kernel", "check"));
        Assert.Contains("Nothing to repair", Ok("kernel", "repair"));
    }

    private string Ok(params string[] arguments)
    {
        (int exitCode, string output, string error) = Pbm(arguments);
        Assert.True(exitCode == 0, $"pbm {string.Join(' ', arguments)} ended with {exitCode}: {error}{output}");
        return output;
    }

    private (int ExitCode, string Output, string Error) Pbm(params string[] arguments) => _lbd.RunBeside("pbm", arguments);
}
