namespace Lb.Kernel.Relays;

/// <summary>
/// The power of two choices (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001): two backends at
/// random, each as likely as its weight, and of them the less loaded. Nodes that do not know of each other's connections do
/// not all run to the same backend.
/// </summary>
/// <remarks>
/// By latency it is the balancer of Finagle with its load metric "peak EWMA": expected latency × (open connections + 1), here
/// for each weight; see <see cref="PeakLatency"/>.
/// </remarks>
internal sealed class TwoChoicesStrategy : RelayStrategy
{
    /// <summary>Latency of a backend that has connections and has not answered yet, in µs: it is tried once, and waited for.</summary>
    private const double Unknown = 1_000_000;

    /// <summary>Draws for one candidate; after that the table is searched.</summary>
    private const int MostDraws = 8;

    public static readonly TwoChoicesStrategy ByConnections = new(byLatency: false);
    public static readonly TwoChoicesStrategy ByLatency = new(byLatency: true);

    private readonly bool _byLatency;

    private TwoChoicesStrategy(bool byLatency) => _byLatency = byLatency;

    public override RelayBackend? Choose(
        RelayCandidates candidates, in RelayExclusion excluded, uint slot, ref RelayDice dice)
    {
        if (candidates.Slots == 0 || Draw(candidates, excluded, null, ref dice) is not { } first)
        {
            return null;
        }

        return Draw(candidates, excluded, first, ref dice) is { } second
            && Cost(candidates, second) < Cost(candidates, first) ? second : first;
    }

    /// <summary>A backend by the slot that the dice say: a backend has as many slots as it has weight.</summary>
    private static RelayBackend? Draw(
        RelayCandidates candidates, in RelayExclusion excluded, RelayBackend? other, ref RelayDice dice)
    {
        if (other is not null && candidates.All.Length == 1)
        {
            return null;
        }

        for (int i = 0; i < MostDraws; i++)
        {
            if (candidates.Of(dice.Next((uint)candidates.Slots)) is { } backend
                && !ReferenceEquals(backend, other)
                && !excluded.Has(backend))
            {
                return backend;
            }
        }

        RelayBackend? found = candidates.From(dice.Next((uint)candidates.Slots), excluded);
        return ReferenceEquals(found, other) ? null : found;
    }

    private double Cost(RelayCandidates candidates, RelayBackend backend)
    {
        double open = backend.Load.Open;
        int weight = candidates.WeightOf(backend);
        if (!_byLatency)
        {
            return (open + 1) / weight;
        }

        double latency = backend.Load.Latency.Read(Environment.TickCount64);
        return latency == 0 && open == 0 ? 0 : (latency == 0 ? Unknown : latency) * (open + 1) / weight;
    }
}
