using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// What the numbers in the kernel's records stand for. The kernel bridge publishes it on the event stream whenever what
/// it has written may have changed it.
/// </summary>
/// <remarks>
/// It is drawn when somebody asks: of a hundred thousand backends it is worth many milliseconds, and without a flow log nobody
/// does. What it is drawn from does not change. Any thread may ask.
/// </remarks>
public sealed class KernelNames
{
    private readonly Lazy<IReadOnlyDictionary<uint, NamedService>> _services;
    private readonly Lazy<IReadOnlyDictionary<uint, NamedBackend>> _backends;
    private readonly Lazy<IReadOnlyDictionary<Endpoint, NamedService>> _byVip;
    private readonly SiteNames _names;

    /// <summary>Of these services and backends.</summary>
    public KernelNames(
        IReadOnlyDictionary<uint, NamedService> services, IReadOnlyDictionary<uint, NamedBackend> backends)
        : this(() => services, () => backends, SiteNames.None)
    {
    }

    private KernelNames(
        Func<IReadOnlyDictionary<uint, NamedService>> services,
        Func<IReadOnlyDictionary<uint, NamedBackend>> backends,
        SiteNames names)
    {
        _services = new(services);
        _backends = new(backends);
        _byVip = new(() => Services.Values.ToDictionary(service => service.Vip));
        _names = names;
    }

    /// <summary>No number is known.</summary>
    public static KernelNames None { get; } =
        new(new Dictionary<uint, NamedService>(), new Dictionary<uint, NamedBackend>());

    /// <summary>Services by id.</summary>
    public IReadOnlyDictionary<uint, NamedService> Services => _services.Value;

    /// <summary>Backends by index.</summary>
    public IReadOnlyDictionary<uint, NamedBackend> Backends => _backends.Value;

    /// <summary>Services by what clients connect to.</summary>
    public IReadOnlyDictionary<Endpoint, NamedService> ByVip => _byVip.Value;

    /// <summary>Name of a backend of a service; null when it has left the config.</summary>
    /// <param name="vip">The service.</param>
    /// <param name="socket">Address, port and protocol of the backend.</param>
    public string? NameOf(Endpoint vip, Endpoint socket) => _names.Backends.GetValueOrDefault(new BackendKey(vip, socket));

    /// <summary>The names of what a ledger holds.</summary>
    internal static KernelNames Of(KernelLedger ledger, SiteNames names) => new(
        () => ledger.Services.Values.ToDictionary(
            service => service.Id,
            service => new NamedService(
                names.Services.GetValueOrDefault(service.Desired.Vip), service.Desired.Vip, service.Desired.Revision)),
        () => ledger.Backends.InUse.ToDictionary(
            backend => backend.Value,
            backend => new NamedBackend(names.Backends.GetValueOrDefault(backend.Key), backend.Key.Socket)),
        names);
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
