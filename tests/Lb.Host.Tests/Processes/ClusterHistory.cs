using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>What clients of a cluster ask for and are told, with the times. A change's number is the weight that it gives.</summary>
internal sealed partial class ClusterHistory
{
    private readonly ConcurrentQueue<ChangeAsked> _changes = new();
    private readonly ConcurrentQueue<ConfigRead> _reads = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _last = 1000;

    /// <summary>How many changes were asked for.</summary>
    public int Changes => _changes.Count;

    /// <summary>How many were made, as clients were told.</summary>
    public int Applied => Count(ChangeOutcome.Applied);

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>How many changes came to this.</summary>
    public int Count(ChangeOutcome outcome) => _changes.Count(change => change.Outcome == outcome);

    /// <summary>Gives a backend a weight, and writes down what comes of it.</summary>
    public async Task ChangeAsync(ClusterClient client, string node, string backend, long? expected)
    {
        int id = Interlocked.Increment(ref _last);
        string[] arguments =
        [
            "service", "web", "backend", backend, "weight", $"{id}",
            .. expected is { } revision ? (string[])["expect-revision", $"{revision}"] : [],
        ];
        TimeSpan asked = Now;
        ChangeAsked change = new(id, node, backend, id, expected, asked, asked, ChangeOutcome.Unknown);
        try
        {
            (int status, JsonElement answer) = await client.RunAsync("backend weight", arguments);
            change = change with { Outcome = Outcome(status, answer), Told = Now };
            if (change.Outcome == ChangeOutcome.Applied)
            {
                change = change with { Revision = answer.GetProperty("data").GetProperty("revision").GetInt64() };
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            // The node was killed while it had the change.
            change = change with { Told = Now };
        }

        _changes.Enqueue(change);
    }

    /// <summary>Reads what a node has in force; its revision, or null when it does not tell.</summary>
    public async Task<long?> ReadAsync(ClusterClient client, string node)
    {
        TimeSpan asked = Now;
        try
        {
            (int status, JsonElement answer) = await client.RunAsync("config show");
            if (status == 200)
            {
                JsonElement data = answer.GetProperty("data");
                long revision = data.GetProperty("revision").GetInt64();
                _reads.Enqueue(new ConfigRead(
                    node, IsLatest: false, asked, Now, revision, WeightsOf(data.GetProperty("hocon").GetString()!)));
                return revision;
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            // The node was killed.
        }

        return null;
    }

    /// <summary>All of it, with what the journal says in the end.</summary>
    public async Task<ConfigHistory> EndAsync(ClusterClient client, long firstRevision, ImmutableSortedDictionary<string, int> firstValues)
    {
        (_, JsonElement answer) = await client.RunAsync("config history", "count", "100000");
        ImmutableArray<JournalRow> rows =
        [
            .. answer.GetProperty("rows").EnumerateArray()
                .Where(row => long.Parse(row[0].GetString()!, CultureInfo.InvariantCulture) > firstRevision)
                .Select(row => ChangeText().Match(row[5].GetString()!))
                .Select(match => (Backend: match.Groups["backend"].Value, Weight: Number(match.Groups["weight"].Value)))
                .Select(change => new JournalRow(change.Weight, change.Backend, change.Weight)),
        ];
        return new ConfigHistory(firstRevision, firstValues, rows, [.. _changes], [.. _reads]);
    }

    /// <summary>The weights of backends that a rendered site has.</summary>
    public static ImmutableSortedDictionary<string, int> WeightsOf(string hocon) => BackendLine().Matches(hocon)
        .ToImmutableSortedDictionary(match => match.Groups["backend"].Value, match => Number(match.Groups["weight"].Value), StringComparer.Ordinal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static ChangeOutcome Outcome(int status, JsonElement answer)
    {
        if (status is 0 or 200)
        {
            return status == 0 ? ChangeOutcome.Refused : ChangeOutcome.Applied;
        }

        string? code = answer.TryGetProperty("code", out JsonElement word) ? word.GetString() : null;
        string detail = answer.TryGetProperty("detail", out JsonElement text) ? text.GetString() ?? "" : "";
        return code switch
        {
            "refused" when detail.StartsWith("the site is at revision", StringComparison.Ordinal) => ChangeOutcome.Stale,
            "refused" or "journal" or "starting" => ChangeOutcome.Refused,
            "unconfirmed" => ChangeOutcome.Unknown,
            null when status == 503 => ChangeOutcome.Unknown,
            _ => throw new InvalidOperationException($"{status} {answer}"),
        };
    }

    [GeneratedRegex(@"""?(?<backend>b\d+)""? \{[^}\n]*weight = (?<weight>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex BackendLine();

    [GeneratedRegex(@"weight of backend (?<backend>b\d+) of web is (?<weight>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex ChangeText();
}
