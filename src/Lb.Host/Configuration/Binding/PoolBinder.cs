using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>Makes the record of how a service uses its pool.</summary>
internal static class PoolBinder
{
    public static PoolPolicy Bind(SectionValues service) => new()
    {
        PanicThreshold = service.Get(PoolKeys.PanicThreshold),
        SlowStart = service.Get(PoolKeys.SlowStart),
        SlowStartFrom = service.Get(PoolKeys.SlowStartFrom),
        DrainDeadline = service.Get(PoolKeys.Drain).Get(PoolKeys.Drains.Deadline),
        DrainThen = service.Get(PoolKeys.Drain).Get(PoolKeys.Drains.Then),
    };
}
