using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What the config calls services and backends, by what the kernel knows of them.</summary>
/// <param name="Services">Names of services by VIP.</param>
/// <param name="Backends">Names of backends by service and socket.</param>
internal sealed record SiteNames(
    ImmutableDictionary<Endpoint, string> Services, ImmutableDictionary<BackendKey, string> Backends)
{
    public static readonly SiteNames None = new(
        ImmutableDictionary<Endpoint, string>.Empty, ImmutableDictionary<BackendKey, string>.Empty);

    public static SiteNames Of(SiteConfig site)
    {
        ImmutableDictionary<BackendKey, string>.Builder backends =
            ImmutableDictionary.CreateBuilder<BackendKey, string>();
        foreach (ServiceConfig service in site.Services.Values)
        {
            foreach (BackendConfig backend in service.Backends.Values)
            {
                backends[new BackendKey(service.Vip, ServiceState.SocketOf(service, backend))] = backend.Name;
            }
        }

        return new SiteNames(
            site.Services.Values.ToImmutableDictionary(service => service.Vip, service => service.Name),
            backends.ToImmutable());
    }
}
