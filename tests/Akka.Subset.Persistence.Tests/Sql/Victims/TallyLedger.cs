using System.Globalization;
using Lb.PersistenceVictim;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql.Victims;

/// <summary>Keeps what processes acknowledged and holds each recovery against it.</summary>
internal sealed class TallyLedger(IEnumerable<string> ids)
{
    // A flood writes one event and three in turn, and has one write under way.
    private const int Largest = 3;

    private readonly Dictionary<string, long> _acknowledged = ids.ToDictionary(id => id, _ => 0L);

    /// <summary>How many events were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>How many events were stored by a process that did not live to say so.</summary>
    public long Unheard { get; private set; }

    /// <summary>How many actors recovered.</summary>
    public long Recoveries { get; private set; }

    /// <summary>Takes a report of a process that floods.</summary>
    public void Enter(string? report)
    {
        switch (report?.Split(' '))
        {
            case ["ready"]:
                break;
            case ["recovered", var id, var count, var digest]:
                Recover(id, new TallyState(Number(count), Number(digest)));
                break;
            case ["ack", var id, var number]:
                Assert.Equal(_acknowledged[id] + 1, Number(number));
                _acknowledged[id]++;
                Acknowledged++;
                break;
            default:
                Assert.Fail($"a process reported [{report}]; {this}");
                break;
        }
    }

    public override string ToString() =>
        $"{Recoveries} recoveries, {Acknowledged} events acknowledged, {Unheard} stored by a process that was killed "
        + "before it could say so";

    private void Recover(string id, TallyState state)
    {
        var heard = _acknowledged[id];
        Assert.True(state.Count >= heard, $"[{id}] lost events: {state.Count} are there, {heard} were acknowledged");
        Assert.True(
            state.Count <= heard + Largest, $"[{id}] has {state.Count} events, {heard} were acknowledged: too many");
        Assert.True(state.Count % 4 <= 1, $"[{id}] ends at event {state.Count}: part of a write is stored");
        Assert.Equal(TallyState.After(state.Count), state);
        _acknowledged[id] = state.Count;
        Unheard += state.Count - heard;
        Recoveries++;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
