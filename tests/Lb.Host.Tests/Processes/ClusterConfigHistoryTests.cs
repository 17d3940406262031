using System.Collections.Immutable;
using System.Text.Json;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Host.Tests.Processes;

/// <summary>Clients of all nodes change one configuration while nodes and the database fail.</summary>
public sealed class ClusterConfigHistoryTests(ITestOutputHelper output)
{
    private const int Backends = 6;

    private static readonly int[] All = [0, 1, 2];

    [RootFact]
    public async Task What_clients_of_all_nodes_see_is_as_if_one_process_kept_the_config()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        using LbdCluster cluster = new(
            3,
            six: false,
            _ => $"provider = postgresql, connection-string = \"{server.ConnectionString(database)}\"",
            services: _ => Services);
        cluster.StartAll();
        ClusterHistory history = new();
        ImmutableArray<ClusterClient> clients = [.. All.Select(node => new ClusterClient(cluster.Net(node)))];
        using CancellationTokenSource end = new();
        Task[] load = [.. All.SelectMany(node => (int[])[0, 1], (node, client) =>
            LoadAsync(history, clients[node], $"n{node}", new Random(seed + (2 * node) + client), end.Token))];

        // What fails does so in the middle of changes; each step is over when clients have gone on for a while.
        await MoreAsync(history, cluster, 60);
        cluster.Signal(0, "KILL");
        await MoreAsync(history, cluster, 40);
        cluster.Start(0);
        await MoreAsync(history, cluster, 40);
        await server.HaltAsync();
        int unknown = history.Count(ChangeOutcome.Unknown) + history.Count(ChangeOutcome.Refused);
        cluster.Until(1, () => history.Count(ChangeOutcome.Unknown) + history.Count(ChangeOutcome.Refused) > unknown + 8, "clients wait in vain");
        cluster.Signal(1, "KILL");
        await server.GoOnAsync();
        cluster.Start(1);
        await MoreAsync(history, cluster, 40);
        await server.KillAsync();
        await server.StartAgainAsync();
        await MoreAsync(history, cluster, 40);
        cluster.Until(0, () => All.All(node => cluster.HasLogged(node, "ready: site")), "all have started");
        await MoreAsync(history, cluster, 60);
        await end.CancelAsync();
        await Task.WhenAll(load);

        // All nodes have come to the same.
        cluster.Until(
            2,
            () => All.Select(node => Shown(clients[node])).Distinct().Count() == 1 && Shown(clients[0]) != "",
            "all nodes go by the same revision");
        Assert.All(All, node => cluster.Until(
            node, () => cluster.Pbm(node, "cluster", "tables").ExitCode == 0, "all have the same table"));
        ConfigHistory seen = await history.EndAsync(clients[2], 1, First);
        output.WriteLine(
            $"{seen.Changes.Length} changes: {history.Applied} applied, {history.Count(ChangeOutcome.Stale)} came too late, "
            + $"{history.Count(ChangeOutcome.Refused)} refused, {history.Count(ChangeOutcome.Unknown)} not known; "
            + $"{seen.Rows.Length} revisions, {seen.Reads.Length} reads");
        Assert.Empty(ConfigHistoryChecker.Check(seen));
        Assert.InRange(history.Applied, 200, int.MaxValue);
        foreach (ClusterClient client in clients)
        {
            client.Dispose();
        }
    }

    private static ImmutableSortedDictionary<string, int> First => Enumerable.Range(1, Backends)
        .ToImmutableSortedDictionary(number => $"b{number}", _ => 100, StringComparer.Ordinal);

    private static string Services => $$"""
        service-defaults.health.check = none
        services.web { vip = 203.0.113.10, port = 80, mode = dsr-ipip
          backends {
            {{string.Join('\n', First.Select(backend => $"{backend.Key} {{ address = 10.77.2.10{backend.Key[1..]}, port = 80 }}"))}}
          } }
        """;

    private static async Task LoadAsync(
        ClusterHistory history, ClusterClient client, string node, Random random, CancellationToken end)
    {
        long? seen = null;
        while (!end.IsCancellationRequested)
        {
            if (random.Next(3) == 0)
            {
                seen = await history.ReadAsync(client, node) ?? seen;
            }
            else
            {
                bool expects = random.Next(4) == 0;
                await history.ChangeAsync(client, node, $"b{random.Next(Backends) + 1}", expects ? seen : null);
            }

            await Task.Delay(random.Next(40), CancellationToken.None);
        }
    }

    /// <summary>Patience is with a few changes each time, however slow the machine is.</summary>
    private static Task MoreAsync(ClusterHistory history, LbdCluster cluster, int changes) => Task.Run(() =>
    {
        for (int more = 0; more < changes; more += 10)
        {
            int enough = history.Applied + 10;
            cluster.Until(2, () => history.Applied >= enough, $"more than {history.Applied} changes are made");
        }
    });

    private static string Shown(ClusterClient client)
    {
        (int status, JsonElement answer) = client.RunAsync("config show").GetAwaiter().GetResult();
        return status == 200
            ? $"{answer.GetProperty("data").GetProperty("revision")}: "
                + string.Join(' ', ClusterHistory.WeightsOf(answer.GetProperty("data").GetProperty("hocon").GetString()!))
            : "";
    }
}
