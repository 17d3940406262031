using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lb.Actors;

/// <summary>What leads from one config of a site to another, and back to a config. Pure.</summary>
public static class SiteDiff
{
    /// <summary>The changes that make one config the other.</summary>
    public static ImmutableArray<SiteChange> Between(SiteConfig before, SiteConfig after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ImmutableArray<SiteChange>.Builder changes = ImmutableArray.CreateBuilder<SiteChange>();
        SiteSettings settings = SiteSettings.Of(after);
        if (settings != SiteSettings.Of(before))
        {
            changes.Add(new SiteChange.SettingsSet(settings));
        }

        // What leaves comes first: it may make room for what is new.
        changes.AddRange(before.Services.Keys
            .Where(name => !after.Services.ContainsKey(name))
            .Select(name => new SiteChange.ServiceRemoved(name)));
        foreach (ServiceConfig service in after.Services.Values)
        {
            if (before.Services.TryGetValue(service.Name, out ServiceConfig? old))
            {
                // What nobody touched is the same object, and most of it is.
                changes.AddRange(ReferenceEquals(old, service) ? [] : Between(old, service));
            }
            else
            {
                changes.Add(new SiteChange.ServiceAdded(service));
            }
        }

        return changes.ToImmutable();
    }

    /// <summary>The config after changes.</summary>
    /// <param name="config">The config before.</param>
    /// <param name="changes">The changes, carried out in their order.</param>
    /// <param name="after">The config after all of them.</param>
    /// <param name="problem">What is wrong with the first one that cannot be carried out.</param>
    /// <returns>Whether all could be carried out.</returns>
    public static bool TryApply(
        SiteConfig config,
        IEnumerable<SiteChange> changes,
        [NotNullWhen(true)] out SiteConfig? after,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(changes);
        after = config;
        problem = null;
        foreach (SiteChange change in changes)
        {
            problem = Apply(after, change, out SiteConfig next);
            if (problem is not null)
            {
                after = null;
                return false;
            }

            after = next;
        }

        return true;
    }

    /// <summary>The config after changes that can be carried out.</summary>
    /// <exception cref="ArgumentException">One cannot.</exception>
    public static SiteConfig Apply(SiteConfig config, IEnumerable<SiteChange> changes) =>
        TryApply(config, changes, out SiteConfig? after, out string? problem)
            ? after
            : throw new ArgumentException(problem, nameof(changes));

    private static IEnumerable<SiteChange> Between(ServiceConfig before, ServiceConfig after)
    {
        if (!ConfigChange.Same(before with { Backends = after.Backends }, after))
        {
            yield return new SiteChange.ServiceSet(WithoutPool(after));
        }

        foreach (string name in before.Backends.Keys.Where(name => !after.Backends.ContainsKey(name)))
        {
            yield return new SiteChange.BackendRemoved(after.Name, name);
        }

        foreach (BackendConfig backend in after.Backends.Values)
        {
            if (!before.Backends.TryGetValue(backend.Name, out BackendConfig? old))
            {
                yield return new SiteChange.BackendAdded(after.Name, backend);
                continue;
            }

            if (!old.Address.Equals(backend.Address) || old.Port != backend.Port)
            {
                yield return new SiteChange.BackendMoved(after.Name, backend.Name, backend.Address, backend.Port);
            }

            if (old.Weight != backend.Weight)
            {
                yield return new SiteChange.BackendWeighted(after.Name, backend.Name, backend.Weight);
            }

            if (old.Admin != backend.Admin || old.DrainDeadline != backend.DrainDeadline)
            {
                yield return new SiteChange.BackendAdminSet(after.Name, backend.Name, backend.Admin)
                {
                    Deadline = backend.DrainDeadline,
                };
            }

            if (old.Backup != backend.Backup)
            {
                yield return new SiteChange.BackendBackupSet(after.Name, backend.Name, backend.Backup);
            }

            if (old.ServerId != backend.ServerId)
            {
                yield return new SiteChange.BackendServerIdSet(after.Name, backend.Name, backend.ServerId);
            }

            if (old.Tls != backend.Tls)
            {
                yield return new SiteChange.BackendTlsSet(after.Name, backend.Name, backend.Tls);
            }
        }
    }

    private static ServiceConfig WithoutPool(ServiceConfig service) =>
        service with { Backends = ImmutableSortedDictionary.Create<string, BackendConfig>(StringComparer.Ordinal) };

    private static string? Apply(SiteConfig config, SiteChange change, out SiteConfig after)
    {
        after = config;
        switch (change)
        {
            case SiteChange.SettingsSet set:
                after = set.Settings.ApplyTo(config);
                return null;
            case SiteChange.ServiceAdded added:
                after = With(config, added.Service);
                return config.Services.ContainsKey(added.Service.Name)
                    ? $"there is a service {added.Service.Name} already"
                    : null;
            case SiteChange.ServiceRemoved removed:
                after = config with { Services = config.Services.Remove(removed.Service) };
                return config.Services.ContainsKey(removed.Service) ? null : NoService(removed.Service);
            case SiteChange.ServiceSet set:
                return Change(
                    config, set.Service.Name, ref after, service => set.Service with { Backends = service.Backends });
            case SiteChange.BackendAdded added:
                return config.Services.TryGetValue(added.Service, out ServiceConfig? pool)
                    && pool.Backends.ContainsKey(added.Backend.Name)
                    ? $"service {added.Service} has a backend {added.Backend.Name} already"
                    : Change(config, added.Service, ref after, service => With(service, added.Backend));
            case SiteChange.BackendRemoved removed:
                return Change(
                    config, removed.Service, removed.Backend, ref after,
                    (service, backend) => service with { Backends = service.Backends.Remove(backend.Name) });
            case SiteChange.BackendMoved moved:
                return Change(
                    config, moved.Service, moved.Backend, ref after,
                    (service, backend) =>
                        With(service, backend with { Address = moved.Address, Port = moved.Port }));
            case SiteChange.BackendWeighted weighted:
                return Change(
                    config, weighted.Service, weighted.Backend, ref after,
                    (service, backend) => With(service, backend with { Weight = weighted.Weight }));
            case SiteChange.BackendAdminSet set:
                return Change(
                    config, set.Service, set.Backend, ref after,
                    (service, backend) => With(service, backend with { Admin = set.Admin, DrainDeadline = set.Deadline }));
            case SiteChange.BackendTlsSet set:
                return Change(
                    config, set.Service, set.Backend, ref after,
                    (service, backend) => With(service, backend with { Tls = set.Tls }));
            case SiteChange.BackendBackupSet set:
                return Change(
                    config, set.Service, set.Backend, ref after,
                    (service, backend) => With(service, backend with { Backup = set.Backup }));
            case SiteChange.BackendServerIdSet set:
                return Change(
                    config, set.Service, set.Backend, ref after,
                    (service, backend) => With(service, backend with { ServerId = set.Id }));
            default:
                throw new ArgumentException($"{change} is no change of a site.", nameof(change));
        }
    }

    private static string? Change(
        SiteConfig config, string name, ref SiteConfig after, Func<ServiceConfig, ServiceConfig> change)
    {
        if (!config.Services.TryGetValue(name, out ServiceConfig? service))
        {
            return NoService(name);
        }

        after = With(config, change(service));
        return null;
    }

    private static string? Change(
        SiteConfig config,
        string name,
        string backendName,
        ref SiteConfig after,
        Func<ServiceConfig, BackendConfig, ServiceConfig> change)
    {
        if (!config.Services.TryGetValue(name, out ServiceConfig? service))
        {
            return NoService(name);
        }

        if (!service.Backends.TryGetValue(backendName, out BackendConfig? backend))
        {
            return $"service {name} has no backend {backendName}";
        }

        after = With(config, change(service, backend));
        return null;
    }

    private static SiteConfig With(SiteConfig config, ServiceConfig service) =>
        config with { Services = config.Services.SetItem(service.Name, service) };

    private static ServiceConfig With(ServiceConfig service, BackendConfig backend) =>
        service with { Backends = service.Backends.SetItem(backend.Name, backend) };

    private static string NoService(string name) => $"there is no service {name}";
}
