namespace Lb.Kernel.Relays;

/// <summary>
/// Weighted least connections: the backend for which (open connections + 1) / weight is least. Looks at all of them, from
/// one at random on, so that equals take turns.
/// </summary>
internal sealed class LeastConnectionsStrategy : RelayStrategy
{
    public static readonly LeastConnectionsStrategy Instance = new();

    public override RelayBackend? Choose(
        RelayCandidates candidates, in RelayExclusion excluded, uint slot, ref RelayDice dice)
    {
        RelayCandidate[] all = candidates.All;
        RelayCandidate best = default;
        long load = 0;
        uint from = all.Length == 0 ? 0 : dice.Next((uint)all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            RelayCandidate candidate = all[(from + i) % all.Length];
            if (excluded.Has(candidate.Backend))
            {
                continue;
            }

            long open = candidate.Backend.Load.Open + 1L;
            // open / weight < load / best.Weight, without fractions.
            if (best.Backend is null || open * best.Weight < load * candidate.Weight)
            {
                best = candidate;
                load = open;
            }
        }

        return best.Backend;
    }
}
