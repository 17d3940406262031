using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What the config calls services and backends, by what the kernel knows of them. Drawn when somebody asks.</summary>
internal sealed class SiteNames
{
    private readonly Lazy<IReadOnlyDictionary<Endpoint, string>> _services;
    private readonly Lazy<IReadOnlyDictionary<BackendKey, string>> _backends;

    private SiteNames(IEnumerable<ServiceConfig> services)
    {
        _services = new(() => services.ToDictionary(service => service.Vip, service => service.Name));
        _backends = new(() => BackendsOf(services));
    }

    /// <summary>Of no site.</summary>
    public static SiteNames None { get; } = new([]);

    /// <summary>Names of services by VIP.</summary>
    public IReadOnlyDictionary<Endpoint, string> Services => _services.Value;

    /// <summary>Names of backends by service and socket.</summary>
    public IReadOnlyDictionary<BackendKey, string> Backends => _backends.Value;

    /// <summary>Of a site.</summary>
    public static SiteNames Of(SiteConfig site) => new(site.Services.Values);

    private static Dictionary<BackendKey, string> BackendsOf(IEnumerable<ServiceConfig> services)
    {
        Dictionary<BackendKey, string> names = [];
        foreach (ServiceConfig service in services)
        {
            foreach (BackendConfig backend in service.Backends.Values)
            {
                names[new BackendKey(service.Vip, ServiceState.SocketOf(service, backend))] = backend.Name;
            }
        }

        return names;
    }
}
