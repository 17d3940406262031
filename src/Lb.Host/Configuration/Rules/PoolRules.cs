namespace Lb.Host.Configuration;

/// <summary>What must hold within the pool of one service.</summary>
internal static class PoolRules
{
    private const int SlotsPerBackend = 2;

    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) =>
        [.. Empty(service), .. Duplicates(service), .. Slots(service)];

    private static IEnumerable<ConfigIssue> Empty(ServiceDraft service)
    {
        if (service.Backends.IsEmpty)
        {
            yield return service.Values.Warning(
                "there are no backends",
                "at least one",
                "packets for the service are dropped until backends has one");
        }
        else if (service.Backends.All(b => b.Weight == 0))
        {
            yield return service.Values.Warning(
                "every backend has weight 0",
                "at least one that takes new flows",
                "packets for the service are dropped until a backend has a weight");
        }
    }

    private static IEnumerable<ConfigIssue> Duplicates(ServiceDraft service)
    {
        foreach (var same in service.Backends.Where(b => b.Endpoint is not null).GroupBy(b => b.Endpoint))
        {
            BackendDraft first = same.First();
            foreach (BackendDraft backend in same.Skip(1))
            {
                yield return backend.Address!.Error(
                    $"{same.Key} is backend {first.Name} already ({first.Address!.Origin})",
                    "each backend once in a pool",
                    $"remove {backend.Name} or {first.Name}, or raise the weight of one");
            }
        }
    }

    private static IEnumerable<ConfigIssue> Slots(ServiceDraft service)
    {
        if (service.Values.Find(ServiceKeys.Slots) is not { Value: not ServiceKeys.AutoSlots } slots)
        {
            yield break;
        }

        if (!Primes.IsPrime(slots.Value))
        {
            yield return slots.Error(
                $"{slots.Value} is no prime",
                "auto or a prime",
                $"write auto, or {Primes.NearestWithin(slots.Value, 2, ServiceKeys.MostSlots)}");
        }
        else if (slots.Value < (long)SlotsPerBackend * service.Backends.Length)
        {
            yield return slots.Error(
                $"{slots.Value} slots are too few for the {service.Backends.Length} backends of {service.Name}",
                $"at least {SlotsPerBackend} slots for each backend",
                "write auto, or a larger prime");
        }
    }
}
