using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>A node's life with the real kernel: start, reload, end, crash.</summary>
public sealed class NodeLifeTests : IDisposable
{
    private const string Web = """
        services.web { vip = 203.0.113.10, port = 80
          backends { b1 { address = 10.77.1.2, port = 8080 }, b2 { address = 10.77.1.3, port = 8080 } } }
        """;

    private LbdProcess? _lbd;

    private LbdProcess Lbd => _lbd ??= new LbdProcess();

    public void Dispose() => _lbd?.Dispose();

    [RootFact]
    public void Node_serves_its_api_and_leaves_nothing_after_a_sigterm()
    {
        Lbd.Configure(Web);
        Lbd.Start();
        Assert.True(Lbd.IsAttached(), "no program on the interface");
        JsonElement web = Assert.Single(Lbd.Get("/api/v1/services").GetProperty("services").EnumerateArray());
        Assert.True(web.GetProperty("inKernel").GetBoolean());
        Assert.Equal(
            ["up", "up"], web.GetProperty("backends").EnumerateArray().Select(b => b.GetProperty("state").GetString()));
        Lbd.Get("/health/ready");

        Lbd.Signal("TERM");

        Assert.Equal(0, Lbd.WaitForEnd());
        Assert.False(Directory.Exists(Lbd.Pins), "pins are left");
        Assert.False(Lbd.IsAttached(), "a program is left on the interface");
    }

    [RootFact]
    public void Broken_reload_changes_nothing_and_a_right_one_does()
    {
        Lbd.Configure(Web);
        Lbd.Start();
        string digest = Digest();

        Lbd.Configure("services.web { vip = nowhere, prot = 80 }");
        Lbd.Signal("HUP");
        Lbd.WaitForLog("Reload refused: 3 errors");
        Assert.Contains(Lbd.Log, l => l.Contains("lb.services.web.prot: is not known here"));
        Assert.Equal(digest, Digest());
        Assert.Equal(1, Revision());

        Lbd.Configure(Web + "\nservices.web.backends.b2.weight = 0\nadmin.port = 9111");
        Lbd.Signal("HUP");
        Lbd.WaitForLog("Reload done: revision 2");
        Lbd.WaitForLog("lb.admin.port has changed, which needs a restart");
        Wait.Until(() => Digest() != digest, "a new table");
        Assert.Equal(2, Revision());
    }

    [RootFact]
    public void Killed_node_leaves_the_kernel_forwarding_and_the_next_start_adopts_it()
    {
        Lbd.Configure(Web);
        Lbd.Start();
        string digest = Digest();

        Lbd.Signal("KILL");
        Lbd.WaitForEnd();
        Assert.True(Lbd.IsAttached(), "the program went with the process");
        Lbd.Start();

        Assert.Contains(Lbd.Log, l => l.Contains("adopted"));
        Assert.Equal(digest, Digest());
    }

    [RootFact]
    public void Cleanup_removes_what_a_killed_node_left_and_refuses_while_one_runs()
    {
        Lbd.Configure(Web);
        Lbd.Start();
        (int exitCode, _, string error) = Lbd.Run("--cleanup");
        Assert.Equal(1, exitCode);
        Assert.Contains("is held by process", error);

        Lbd.Signal("KILL");
        Lbd.WaitForEnd();

        Assert.Equal(0, Lbd.Run("--cleanup").ExitCode);
        Assert.False(Directory.Exists(Lbd.Pins), "pins are left");
        Assert.False(Lbd.IsAttached(), "a program is left on the interface");
        Assert.Contains("has nothing in the kernel", Lbd.Run("--cleanup").Output);
    }

    [RootFact]
    public void Node_told_to_keep_forwarding_leaves_the_kernel_as_it_is()
    {
        Lbd.Configure(Web + "\nshutdown.keep-forwarding = true");
        Lbd.Start();
        Lbd.Signal("TERM");
        Assert.Equal(0, Lbd.WaitForEnd());
        Assert.True(Directory.Exists(Lbd.Pins), "the pins are gone");
        Assert.True(Lbd.IsAttached(), "the program is gone");
    }

    [RootFact]
    public void Draining_node_forwards_on_is_not_ready_and_ends_at_a_second_signal()
    {
        Lbd.Configure(Web + "\nshutdown.drain = 1h");
        Lbd.Start();
        Lbd.Signal("TERM");
        Lbd.WaitForLog("forwarding goes on for 1h");
        Lbd.Get("/health/ready", 503);
        Assert.True(Lbd.IsAttached(), "the program is gone while draining");
        Lbd.Signal("INT");
        Assert.Equal(0, Lbd.WaitForEnd());
        Assert.False(Directory.Exists(Lbd.Pins), "pins are left");
    }

    [RootFact]
    public void Port_that_is_taken_is_refused_before_the_kernel_is_changed()
    {
        Lbd.Configure(Web);
        using IDisposable taken = Lbd.TakePort();
        AssertRefused("127.0.0.1:9110 (lb.admin) is taken by another process");
    }

    [RootFact]
    public void Interface_that_is_not_there_is_refused()
    {
        Lbd.Configure(Web, interfaces: "client0, nowhere0");
        AssertRefused("nowhere0");
    }

    [RootFact]
    public void Service_without_backends_is_ready_and_says_so()
    {
        Lbd.Configure("services.web { vip = 203.0.113.10, port = 80 }");
        Lbd.Start();
        Assert.Contains(Lbd.Log, l => l.Contains("has no backend"));
        Assert.Equal(0, Lbd.Get("/api/v1/services/web").GetProperty("slots").GetInt32());
    }

    [RootFact]
    public void Actor_settings_that_cannot_be_used_are_refused_as_configuration()
    {
        File.WriteAllText(Lbd.ConfigFile, $$"""
            lb { site = {{Lbd.Site}}, interfaces = [client0], journal.directory = "{{Path.GetDirectoryName(Lbd.Database)}}" }
            akka.actor.ask-timeout = banana
            """);
        (int exitCode, _, string error) = Lbd.Run();
        Assert.Equal(2, exitCode);
        Assert.Contains("akka section", error);
        Assert.False(Lbd.IsAttached(), "a program is left on the interface");
    }

    [RootFact]
    public void Log_for_machines_is_json_line_by_line()
    {
        Lbd.Configure(Web + "\nlog.format = json");
        Lbd.Start();
        Assert.All(Lbd.Log, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
    }

    [RootFact]
    public void Killed_again_and_again_in_the_middle_of_changes_a_node_keeps_every_change_it_confirmed()
    {
        const int Kills = 12;
        Random random = new(7);
        Lbd.Configure(Web);
        Lbd.Start();
        int weight = 100;
        long confirmed = Revision();
        for (int kill = 0; kill < Kills; kill++)
        {
            // Some changes are confirmed, the last one may be cut short at any moment.
            for (int change = 0; change < 3; change++)
            {
                weight++;
                Lbd.Configure(Web + $"\nservices.web.backends.b2.weight = {weight}");
                Lbd.Signal("HUP");
                Lbd.WaitForLog($"Reload done: revision {confirmed + 1},");
                confirmed++;
            }

            Lbd.Configure(Web + $"\nservices.web.backends.b2.weight = {weight + 1}");
            Lbd.Signal("HUP");
            Thread.SpinWait(random.Next(0, 2_000_000));
            Lbd.Signal("KILL");
            Lbd.WaitForEnd();

            // The file is as it was confirmed: what the journal knows decides whether anything changes.
            Lbd.Configure(Web + $"\nservices.web.backends.b2.weight = {weight}");
            Lbd.Start();
            Assert.InRange(Revision(), confirmed, confirmed + 2);
            confirmed = Revision();
            Assert.Equal(weight, Lbd.Get("/api/v1/services/web").GetProperty("backends")[1].GetProperty("weight").GetInt32());
        }
    }

    [RootFact]
    [Trait("AkkaSource", "Subset")]
    public void Journal_that_cannot_be_read_is_told_and_the_node_runs_by_its_file()
    {
        Lbd.Configure(Web);
        File.WriteAllText(Lbd.Database, "This is no database, and it is longer than the header of one: " + new string('x', 200));
        Lbd.Start();
        Assert.Contains(Lbd.Log, l => l.Contains("starts by its file alone"));
        JsonElement config = Lbd.Get("/api/v1/node").GetProperty("config");
        Assert.Equal(0, config.GetProperty("revision").GetInt64());
        Assert.Contains("file is not a database", config.GetProperty("journalProblem").GetString());

        Lbd.Configure(Web + "\nservices.web.backends.b2.weight = 0");
        Lbd.Signal("HUP");
        Lbd.WaitForLog("Reload failed");
        Assert.Equal(100, Lbd.Get("/api/v1/services/web").GetProperty("backends")[1].GetProperty("weight").GetInt32());
    }

    [RootFact]
    public void Journal_folder_that_cannot_be_made_is_refused_before_the_kernel_is_changed()
    {
        Lbd.Configure(Web + "\njournal.directory = /proc/nowhere");
        AssertRefused("/proc/nowhere (lb.journal.directory) cannot be made");
    }

    private long Revision() => Lbd.Get("/api/v1/node").GetProperty("config").GetProperty("revision").GetInt64();

    private string Digest() => Lbd.Get("/api/v1/services/web").GetProperty("digest").GetString()!;

    private void AssertRefused(string message)
    {
        (int exitCode, _, string error) = Lbd.Run();
        Assert.Equal(1, exitCode);
        string sentence = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("lbd: ", sentence);
        Assert.Contains(message, sentence);
        Assert.False(Directory.Exists(Lbd.Pins), "pins are left");
        Assert.False(Lbd.IsAttached(), "a program is left on the interface");
    }
}
