using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What people see of it.</summary>
internal sealed partial class SliceBook
{
    private readonly Dictionary<string, List<SliceHeld>> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private long _question;

    /// <summary>Some node that was asked has not answered.</summary>
    public bool IsAsking => _asked.Count > 0;

    /// <summary>Asks all others what they have.</summary>
    public void Ask()
    {
        _question++;
        _answers.Clear();
        _asked.Clear();
        foreach (VoteMember other in _electorate.Others.Where(other => other.IsReachable))
        {
            _asked.Add(other.Address);
            _effects.Add(new SliceEffect.Send(other.Address, new SliceMessage.Ask(_session, _question)));
        }
    }

    /// <summary>What is known now.</summary>
    /// <param name="now">Now.</param>
    /// <param name="selfOnly">What other nodes have said is left out.</param>
    public SliceReport Report(long now, bool selfOnly) => new(
        _self,
        _mute,
        [.. _services.Values.OrderBy(service => service.Number).Select(service => new SliceServiceReport(
            service.Number,
            _electorate.Owner(service.Number).Address,
            service.Ledger.Rule,
            [.. service.Limits.Values.OrderBy(limit => limit.Key.Backend).Select(limit => Report(limit, now, selfOnly))]))],
        [.. _electorate.Others.Select(other => other.Address).Order(StringComparer.Ordinal).Where(other => !_answers.ContainsKey(other))]);

    private SliceLimitReport Report(SliceHolding limit, long now, bool selfOnly) => new(
        limit.Key,
        limit.Limit,
        [
            new NodeSlice(_self, Told(limit, now)),
            .. _answers.Where(_ => !selfOnly).OrderBy(answer => answer.Key, StringComparer.Ordinal).SelectMany(answer => answer.Value
                .Where(held => held.Key == limit.Key)
                .Select(held => new NodeSlice(answer.Key, held))),
        ]);

    private SliceHeld Told(SliceHolding limit, long now) => new(
        limit.Key,
        _mute is null ? limit.Usable(now) : -1,
        limit.Used,
        (int)(Math.Clamp(limit.Until - now, 0, SliceTimes.Lease.Ticks) / TimeSpan.TicksPerMillisecond));

    private void Answer(string to, SliceMessage.Ask ask, long now)
    {
        SliceHeld[][] parts = [.. _services.Values
            .SelectMany(service => service.Limits.Values)
            .Select(limit => Told(limit, now))
            .Chunk(SliceCodec.MostEntries)];
        for (int i = 0; i < Math.Max(parts.Length, 1); i++)
        {
            _effects.Add(new SliceEffect.Send(to, new SliceMessage.Told(
                _session, ask.Number, i >= parts.Length - 1, i < parts.Length ? [.. parts[i]] : [])));
        }
    }

    private void OnTold(string from, SliceMessage.Told told)
    {
        if (told.Number != _question)
        {
            return;
        }

        if (!_answers.TryGetValue(from, out List<SliceHeld>? held))
        {
            _answers.Add(from, held = []);
        }

        held.AddRange(told.Entries);
        if (told.IsLast)
        {
            _asked.Remove(from);
        }
    }
}

/// <summary>What a node has of a limit.</summary>
internal readonly record struct NodeSlice(string Node, SliceHeld Held);

/// <summary>One limit.</summary>
internal sealed record SliceLimitReport(SliceKey Key, int Limit, ImmutableArray<NodeSlice> Nodes);

/// <summary>The limits of a service.</summary>
internal sealed record SliceServiceReport(
    ulong Service, string Owner, SliceRule Rule, ImmutableArray<SliceLimitReport> Limits);

/// <summary>What one node knows of the limits that nodes share.</summary>
/// <param name="Self">The node.</param>
/// <param name="Mute">A node that knows of none, so that each counts for itself; null for none.</param>
/// <param name="Services">By number.</param>
/// <param name="Silent">Nodes that have not answered.</param>
internal sealed record SliceReport(
    string Self, string? Mute, ImmutableArray<SliceServiceReport> Services, ImmutableArray<string> Silent);
