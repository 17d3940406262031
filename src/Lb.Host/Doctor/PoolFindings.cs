using System.Collections.Immutable;
using System.Globalization;
using Lb.Actors;

namespace Lb.Host.Doctor;

/// <summary>What a running node tells of its pools.</summary>
internal static class PoolFindings
{
    private const string Panic = "pool-panic";
    private const string Backups = "pool-backups";
    private const string Ports = "full-nat-low";

    /// <summary>The codes that there are.</summary>
    public static ImmutableArray<string> Codes { get; } = [Panic, Backups, Ports];

    /// <summary>Services that do not use their pool as usual.</summary>
    public static IEnumerable<Finding> Of(ServicesSnapshot site) =>
        [.. site.Services.Select(Of).OfType<Finding>(), .. site.Services.SelectMany(PortsOf)];

    private static IEnumerable<Finding> PortsOf(ServiceSnapshot service) =>
        from backend in service.Backends
        where backend.Ports is { IsLow: true }
        select Finding.Warning(
            Ports,
            $"{service.Name}/{backend.Name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{backend.Ports!.Used} of {backend.Ports.Room} ports of full-nat towards {service.Name}/{backend.Name} are in use."),
            "A new flow looks at 32 of them: it may find none that is free, and is dropped then (dropNoPort).",
            "add addresses to full-nat.addresses, or backends to the service; 'pbm kernel ports' shows all");

    private static Finding? Of(ServiceSnapshot service) => service.Use switch
    {
        PoolUse.Panic => Finding.Error(
            Panic,
            service.Name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Less than {service.Pool.PanicThreshold * 100:0.##} % of the enabled weight of {service.Name} is up (panic-threshold), so that all its enabled backends are used."),
            "Those that are really down get new flows, which fail.",
            $"see why they fail their checks; 'pbm backend list {service.Name}' names them"),
        PoolUse.Backups => Finding.Warning(
            Backups,
            service.Name,
            $"No backend of {service.Name} is up but last-resort ones (backup), which take its new flows.",
            "The service is not what it should be.",
            $"see why the others fail their checks; 'pbm backend list {service.Name}' names them"),
        _ => null,
    };
}
