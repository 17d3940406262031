using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Lb.Netns.Tests.Clients;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Netns.Tests.Announce;

/// <summary>
/// Two real nodes, and connections through one of them while a backend is added: on slots that were moved by that, the other
/// node has to know what the first has seen.
/// </summary>
/// <remarks>
/// LB_FLOWS sets the number of connections of each of the two services (two descriptors each), LB_RESTART_SECONDS for how
/// long holders are restarted at least.
/// </remarks>
public sealed class SharedFlowsTests(ITestOutputHelper output)
{
    private const int Restarts = 5;
    private static readonly int s_ofEach = Setting.Number("LB_FLOWS", 600);
    private static readonly TimeSpan s_restarting = TimeSpan.FromSeconds(Setting.Number("LB_RESTART_SECONDS", 0));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly IPEndPoint[] s_services = [ArpBed.Services[0], ArpBed.Services[2]];

    [RootFact]
    public void Flows_on_moved_slots_live_on_when_their_node_is_killed_and_when_holders_restart()
    {
        using ArpBed bed = new(nodes: 2, backends: 1);
        AnnounceNode first = bed.Nodes[0];
        AnnounceNode second = bed.Nodes[1];
        HaveAll(bed, first, second);
        Dictionary<string, LongLivedConnections> flows = [];
        try
        {
            foreach (IPEndPoint service in s_services)
            {
                flows.Add($"older, {service}", LongLivedConnections.Open(bed.Client, service, s_ofEach * 7 / 12));
            }

            AddBackend(bed);
            foreach (IPEndPoint service in s_services)
            {
                flows.Add($"newer, {service}", LongLivedConnections.Open(bed.Client, service, s_ofEach * 5 / 12));
            }

            Report(bed, flows, "a backend was added");
            Assert.All(
                flows.Where(some => some.Key.StartsWith("newer", StringComparison.Ordinal)),
                some => Assert.True(some.Value.ByBackend["b2"] > s_ofEach / 12, "none would break without their entries"));
            Wait.Until(() => Peer(first)?.GetProperty("behind").GetInt64() == 0, "the other node has all entries", Patience);
            output.WriteLine($"before the kill: {Peer(first)}");

            first.Kill();
            first.Cables(inside: false);
            Wait.Until(() => ArpBed.Vips.All(second.HasAddress), "the other node takes the VIPs", Patience);
            Report(bed, flows, "their node was killed, its cables out");

            Wait.Until(() => ArpBed.Vips.All(vip => !first.HasAddress(vip)), "nothing is left on the dead node's host", Patience);
            first.Cables(inside: true);
            first.Start();
            int restarts = 0;
            for (Stopwatch began = Stopwatch.StartNew(); restarts < Restarts || began.Elapsed < s_restarting; restarts++)
            {
                Wait.Until(() => bed.Nodes.All(IsWhole), $"both nodes know all\n{Stories(bed)}", Patience);
                AnnounceNode holder = bed.WhoHas(ArpBed.Nat4)[0];
                if (restarts % 2 == 0)
                {
                    holder.Stop();
                }
                else
                {
                    holder.Kill();
                }

                holder.Start();
            }

            Wait.Until(() => bed.Nodes.All(IsWhole), $"both nodes know all\n{Stories(bed)}", Patience);
            Report(bed, flows, $"holders were started again {restarts} times, in order and after SIGKILL");
        }
        finally
        {
            foreach (LongLivedConnections some in flows.Values)
            {
                some.Dispose();
            }
        }
    }

    /// <summary>One node gets all VIPs, and could give them to the other.</summary>
    private static void HaveAll(ArpBed bed, AnnounceNode holder, AnnounceNode other)
    {
        Assert.Equal(0, other.Pbm("cluster", "drain").ExitCode);
        Wait.Until(() => ArpBed.Vips.All(holder.HasAddress) && !ArpBed.Vips.Any(other.HasAddress), $"one node has all\n{Stories(bed)}", Patience);
        Assert.Equal(0, other.Pbm("cluster", "drain", "--undo").ExitCode);
    }

    private static void AddBackend(ArpBed bed)
    {
        foreach (AnnounceNode node in bed.Nodes)
        {
            node.Reconfigure(ArpBed.ServicesOf(1), ArpBed.ServicesOf(2));
        }

        foreach (AnnounceNode node in bed.Nodes)
        {
            node.WaitFor(() => HasBackends(node, 2) && node.Pbm("cluster", "tables").ExitCode == 0, "all have the new table");
        }
    }

    private static bool HasBackends(AnnounceNode node, int count) =>
        node.Api.TryServices()?.Services.All(service => service.Backends.Count == count) == true;

    private static bool IsWhole(AnnounceNode node) =>
        node.Sees(2) && Peer(node)?.GetProperty("state").GetString() == "whole"
        && node.Vips()?.GetProperty("problem").ValueKind == JsonValueKind.Null;

    private static JsonElement? Peer(AnnounceNode node) =>
        node.Api.Run("cluster", "flows").GetProperty("peers").EnumerateArray().Select(peer => (JsonElement?)peer).FirstOrDefault();

    private static string Stories(ArpBed bed) => string.Join("\n\n", bed.Nodes.Select(node => node.Story()));

    private void Report(ArpBed bed, Dictionary<string, LongLivedConnections> flows, string what)
    {
        // All exchange at once, and go on while one is waited for.
        foreach (LongLivedConnections some in flows.Values)
        {
            some.ExchangeOnAll();
        }

        foreach ((string name, LongLivedConnections some) in flows)
        {
            int all = some.ByBackend.Values.Sum();
            output.WriteLine(
                $"{what}: {name}: flows lost {some.Broken.Count} of {all} "
                + $"({string.Join(", ", some.ByBackend.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key} {b.Value}"))})");
        }

        string[] broken = [.. flows.Values.SelectMany(some => some.Broken)];
        Assert.True(broken.Length == 0, $"{what}: {broken.Length} lost: {string.Join("; ", broken.Take(5))}\n{Stories(bed)}");
    }
}
