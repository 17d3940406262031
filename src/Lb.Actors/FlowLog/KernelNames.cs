using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// What the numbers in the kernel's records stand for. The kernel bridge publishes it on the event stream whenever what
/// it has written may have changed it.
/// </summary>
/// <param name="Services">Services by id.</param>
/// <param name="Backends">Backends by index.</param>
public sealed record KernelNames(
    ImmutableDictionary<uint, NamedService> Services, ImmutableDictionary<uint, NamedBackend> Backends)
{
    /// <summary>No number is known.</summary>
    public static KernelNames None { get; } = new(
        ImmutableDictionary<uint, NamedService>.Empty, ImmutableDictionary<uint, NamedBackend>.Empty);

    /// <summary>Services by what clients connect to.</summary>
    public ImmutableDictionary<Endpoint, NamedService> ByVip { get; private init; } =
        ImmutableDictionary<Endpoint, NamedService>.Empty;

    private ImmutableDictionary<BackendKey, string> BackendNames { get; init; } =
        ImmutableDictionary<BackendKey, string>.Empty;

    /// <summary>Name of a backend of a service; null when it has left the config.</summary>
    /// <param name="vip">The service.</param>
    /// <param name="socket">Address, port and protocol of the backend.</param>
    public string? NameOf(Endpoint vip, Endpoint socket) => BackendNames.GetValueOrDefault(new BackendKey(vip, socket));

    /// <summary>The names of what a ledger holds.</summary>
    internal static KernelNames Of(KernelLedger ledger, SiteNames names) => ById(ledger, names) with
    {
        ByVip = ledger.Services.Values.ToImmutableDictionary(
            service => service.Desired.Vip,
            service => new NamedService(
                names.Services.GetValueOrDefault(service.Desired.Vip), service.Desired.Vip, service.Desired.Revision)),
        BackendNames = names.Backends,
    };

    private static KernelNames ById(KernelLedger ledger, SiteNames names) => new(
        ledger.Services.Values.ToImmutableDictionary(
            service => service.Id,
            service => new NamedService(
                names.Services.GetValueOrDefault(service.Desired.Vip), service.Desired.Vip, service.Desired.Revision)),
        ledger.Backends.InUse.ToImmutableDictionary(
            backend => backend.Value,
            backend => new NamedBackend(names.Backends.GetValueOrDefault(backend.Key), backend.Key.Socket)));
}

/// <summary>A service in the kernel.</summary>
/// <param name="Name">Its name; null when it has left the config.</param>
/// <param name="Vip">What clients connect to.</param>
/// <param name="Generation">Number of its table.</param>
public sealed record NamedService(string? Name, Endpoint Vip, long Generation);

/// <summary>A backend in the kernel.</summary>
/// <param name="Name">Its name; null when it has left the config.</param>
/// <param name="Socket">Address, port and protocol.</param>
public sealed record NamedBackend(string? Name, Endpoint Socket);
