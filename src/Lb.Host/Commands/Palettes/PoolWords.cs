using System.Globalization;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>Which part of its pool a service uses, in words.</summary>
internal static class PoolWords
{
    /// <summary>What a line on a service ends with; nothing when all is as usual.</summary>
    public static string Of(ServiceSnapshot service) => service.Use switch
    {
        PoolUse.Panic => string.Create(
            CultureInfo.InvariantCulture,
            $"; PANIC: less than {service.Pool.PanicThreshold * 100:0.##} % of its enabled weight is up, so all its enabled backends are used"),
        PoolUse.Backups => "; no backend is up but last-resort ones, which take its new flows",
        _ => "",
    };

    /// <summary>The same of a slot's story; null when all is as usual.</summary>
    public static string? Of(PoolUse use) => use switch
    {
        PoolUse.Panic => "too few backends are up (panic-threshold): all enabled ones are used whatever their checks say",
        PoolUse.Backups => "no backend is up but last-resort ones (backup)",
        _ => null,
    };
}
