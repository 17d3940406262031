namespace Lb.Kernel.Relays;

/// <summary>
/// The current backend of the flow's slot, as the kernel path takes it, or that of the next slot whose backend may be
/// taken. The table is that of Maglev (Eisenbud et al., NSDI 2016).
/// </summary>
internal sealed class MaglevStrategy : RelayStrategy
{
    public static readonly MaglevStrategy Instance = new();

    public override RelayBackend? Choose(
        RelayCandidates candidates, in RelayExclusion excluded, uint slot, ref RelayDice dice) =>
        candidates.From(slot, excluded);
}
