using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>The counters, or by how much they moved. What is zero is not in it.</summary>
internal sealed class Tally
{
    public SortedDictionary<uint, Traffic> Services { get; } = [];
    public SortedDictionary<uint, Traffic> Backends { get; } = [];
    public SortedDictionary<Verdict, Counter> Verdicts { get; } = [];

    public void Service(uint id, Func<Traffic, Traffic> change) =>
        Services[id] = change(Services.GetValueOrDefault(id));

    public void Backend(uint index, Func<Traffic, Traffic> change) =>
        Backends[index] = change(Backends.GetValueOrDefault(index));

    public void Count(Verdict verdict, int bytes) =>
        Verdicts[verdict] = Verdicts.GetValueOrDefault(verdict).Plus(bytes);

    /// <summary>By how much the counters have moved since an earlier reading of the same ones.</summary>
    public Tally Since(Tally earlier)
    {
        var moved = new Tally();
        foreach ((uint id, Traffic now) in Services)
        {
            moved.Services[id] = now.Minus(earlier.Services.GetValueOrDefault(id));
        }

        foreach ((uint index, Traffic now) in Backends)
        {
            moved.Backends[index] = now.Minus(earlier.Backends.GetValueOrDefault(index));
        }

        foreach ((Verdict verdict, Counter now) in Verdicts)
        {
            moved.Verdicts[verdict] = now.Minus(earlier.Verdicts.GetValueOrDefault(verdict));
        }

        return moved;
    }

    /// <summary>One line per counter that is not zero; two tallies are equal when these are.</summary>
    public override string ToString()
    {
        IEnumerable<string> lines =
        [
            .. Services.Where(s => s.Value != default).Select(s => $"service {s.Key}: {s.Value}"),
            .. Backends.Where(b => b.Value != default).Select(b => $"backend {b.Key}: {b.Value}"),
            .. Verdicts.Where(v => v.Value != default).Select(v => $"{v.Key}: {v.Value}"),
        ];
        return string.Join('\n', lines);
    }
}

internal static class Counting
{
    public static Counter Plus(this Counter counter, int bytes) =>
        new(counter.Packets + 1, counter.Bytes + (ulong)bytes);

    public static Counter Minus(this Counter now, Counter earlier) =>
        new(now.Packets - earlier.Packets, now.Bytes - earlier.Bytes);

    public static Traffic Minus(this Traffic now, Traffic earlier) => new(
        now.Forwarded.Minus(earlier.Forwarded),
        now.Replied.Minus(earlier.Replied),
        now.Dropped.Minus(earlier.Dropped),
        now.NewFlows - earlier.NewFlows,
        now.Tracked - earlier.Tracked,
        now.Untracked - earlier.Untracked);
}
