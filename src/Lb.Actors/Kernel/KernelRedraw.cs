using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Draws a state by what differs from one that was drawn before. What changes most, the slots of a service and which of its
/// backends keep their flows, touches nothing of other services: with 100,000 backends the whole would take a hundred times as long.
/// </summary>
internal static class KernelRedraw
{
    /// <summary>The state that a ledger asks for; null where the whole is to be drawn.</summary>
    /// <param name="drawn">What was drawn of the ledger before, while the host's answers were those of now.</param>
    /// <param name="before">That ledger.</param>
    /// <param name="after">The ledger.</param>
    public static KernelState? Of(KernelState drawn, KernelLedger before, KernelLedger after)
    {
        // Indexes are given out and taken back, or rest, by making another allocator.
        if (!ReferenceEquals(before.Backends, after.Backends)
            || !ReferenceEquals(before.Tables, after.Tables)
            || before.Services.Count != after.Services.Count)
        {
            return null;
        }

        List<(LedgerService Before, LedgerService After)> changed = [];
        foreach (LedgerService service in after.Services.Values)
        {
            if (!before.Services.TryGetValue(service.Desired.Vip, out LedgerService? old))
            {
                return null;
            }

            if (ReferenceEquals(old, service))
            {
                continue;
            }

            if (!IsLight(old, service))
            {
                return null;
            }

            changed.Add((old, service));
        }

        return changed.Count == 0 ? drawn : With(drawn, changed);
    }

    private static bool IsLight(LedgerService before, LedgerService after)
    {
        DesiredService old = before.Desired;
        DesiredService now = after.Desired;
        return before.Id == after.Id
            && before.Table == after.Table
            && old with { Revision = now.Revision, Slots = now.Slots, Backends = now.Backends } == now
            && old.Backends.Length == now.Backends.Length
            && old.Backends.Index().All(backend => IsLight(backend.Item, now.Backends[backend.Index]));
    }

    /// <summary>That a relay ends its connections is nothing to the kernel.</summary>
    private static bool IsLight(DesiredBackend before, DesiredBackend after) =>
        ReferenceEquals(before, after) || before with { Alive = after.Alive, Drained = after.Drained } == after;

    private static KernelState With(KernelState drawn, List<(LedgerService Before, LedgerService After)> changed)
    {
        Dictionary<Endpoint, ServiceEntry>? services = null;
        Dictionary<uint, BackendEntry>? backends = null;
        Dictionary<uint, Slot[]> tables = new(drawn.Tables);
        foreach ((LedgerService before, LedgerService after) in changed)
        {
            Endpoint vip = after.Desired.Vip;
            if (before.Slots.Length != after.Slots.Length)
            {
                services ??= new(drawn.Services);
                services[vip] = services[vip] with { Slots = (uint)after.Slots.Length };
            }

            _ = tables.Remove(after.Table);
            if (after.Slots.Length > 0)
            {
                tables.Add(after.Table, after.Slots);
            }

            foreach ((int i, DesiredBackend backend) in after.Desired.Backends.Index())
            {
                if (backend.Alive != before.Desired.Backends[i].Alive)
                {
                    backends ??= new(drawn.Backends);
                    uint index = after.Indexes[backend.Id];
                    backends[index] = backends[index] with { Alive = backend.Alive && Owns(drawn, after, backend) };
                }
            }
        }

        return drawn with { Services = services ?? drawn.Services, Tables = tables, Backends = backends ?? drawn.Backends };
    }

    /// <summary>
    /// A backend of nat whose replies are another service's is not forwarded to, though it may have an entry for relays alone inside
    /// the other's range.
    /// </summary>
    private static bool Owns(KernelState drawn, LedgerService service, DesiredBackend backend) =>
        !service.Desired.UsesNat
        || ReplyRule.Of(service.Desired.Vip, backend.Socket) is not { Source: var source }
        || (drawn.Nat.TryGetValue(source, out NatEntry? reply) && reply.Service == service.Id
            && !reply.Flags.HasFlag(NatFlags.RelaysOnly));
}
