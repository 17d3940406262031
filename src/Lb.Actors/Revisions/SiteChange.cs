using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>One thing that changes in a site's config.</summary>
public abstract record SiteChange
{
    private SiteChange()
    {
    }

    /// <summary>
    /// What it changes, from the whole to the part. Two changes are about the same thing when the scope of one begins
    /// with that of the other.
    /// </summary>
    public abstract ImmutableArray<string> Scope { get; }

    /// <summary>Whether both are about the same thing.</summary>
    public bool Overlaps(SiteChange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int length = Math.Min(Scope.Length, other.Scope.Length);
        return Scope.AsSpan()[..length].SequenceEqual(other.Scope.AsSpan()[..length]);
    }

    /// <summary>Settings of the site as a whole.</summary>
    /// <param name="Settings">The settings.</param>
    public sealed record SettingsSet(SiteSettings Settings) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["settings"];

        /// <inheritdoc/>
        public override string ToString() => "settings of the site";
    }

    /// <summary>A service that is new.</summary>
    /// <param name="Service">The service with its pool.</param>
    public sealed record ServiceAdded(ServiceConfig Service) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service.Name];

        /// <summary>What is in the pool counts, not which collection it is.</summary>
        public bool Equals(ServiceAdded? other) => other is not null && ConfigChange.Same(Service, other.Service);

        /// <inheritdoc/>
        public override int GetHashCode() => Service.Name.GetHashCode(StringComparison.Ordinal);

        /// <inheritdoc/>
        public override string ToString() =>
            $"service {Service.Name} added ({Service.Vip}, {Service.Backends.Count} backends)";
    }

    /// <summary>A service that has another policy: anything but its pool.</summary>
    /// <param name="Service">The service without its pool.</param>
    public sealed record ServiceSet(ServiceConfig Service) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service.Name, "policy"];

        /// <summary>What is in it counts.</summary>
        public bool Equals(ServiceSet? other) => other is not null && ConfigChange.Same(Service, other.Service);

        /// <inheritdoc/>
        public override int GetHashCode() => Service.Name.GetHashCode(StringComparison.Ordinal);

        /// <inheritdoc/>
        public override string ToString() => $"policy of service {Service.Name}";
    }

    /// <summary>A service that goes.</summary>
    /// <param name="Service">Its name.</param>
    public sealed record ServiceRemoved(string Service) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service];

        /// <inheritdoc/>
        public override string ToString() => $"service {Service} removed";
    }

    /// <summary>A backend that joins a pool.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">The backend.</param>
    public sealed record BackendAdded(string Service, BackendConfig Backend) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend.Name];

        /// <inheritdoc/>
        public override string ToString() =>
            $"backend {Backend.Name} ({new Endpoint(Backend.Address, Backend.Port, default).SocketText}) added to {Service}";
    }

    /// <summary>A backend that has another address or port.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Address">Its address.</param>
    /// <param name="Port">Its port, host byte order.</param>
    public sealed record BackendMoved(string Service, string Backend, IPAddress Address, ushort Port) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend, "address"];

        /// <inheritdoc/>
        public override string ToString() => $"backend {Backend} of {Service} is {new Endpoint(Address, Port, default).SocketText}";
    }

    /// <summary>A backend that has another weight.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Weight">0 to 65535.</param>
    public sealed record BackendWeighted(string Service, string Backend, int Weight) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend, "weight"];

        /// <inheritdoc/>
        public override string ToString() => $"weight of backend {Backend} of {Service} is {Weight}";
    }

    /// <summary>A backend of which the operator wants something else: enabled, drained, disabled.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Admin">What is wanted.</param>
    public sealed record BackendAdminSet(string Service, string Backend, BackendAdmin Admin) : SiteChange
    {
        /// <summary>How long it keeps its flows when it drains; zero: as long as they last; null: as the service says.</summary>
        public TimeSpan? Deadline { get; init; }

        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend, "admin"];

        /// <inheritdoc/>
        public override string ToString() => Admin switch
        {
            BackendAdmin.Enabled => $"backend {Backend} of {Service} enabled",
            BackendAdmin.Drain => $"backend {Backend} of {Service} drained"
                + (Deadline is not { } time ? "" : time == TimeSpan.Zero ? ", without a deadline" : $", deadline {time:c}"),
            _ => $"backend {Backend} of {Service} disabled",
        };
    }

    /// <summary>A backend that is for other TLS clients.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Tls">Which ones.</param>
    public sealed record BackendTlsSet(string Service, string Backend, TlsMatch Tls) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend, "tls"];

        /// <inheritdoc/>
        public override string ToString() => Tls == TlsMatch.Any
            ? $"backend {Backend} of {Service} is for every TLS client"
            : $"backend {Backend} of {Service} is for TLS names [{string.Join(", ", Tls.Names)}], "
                + $"protocols [{string.Join(", ", Tls.Alpn)}]";
    }

    /// <summary>A backend that becomes a last resort, or is one no longer.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Backup">Whether it gets new flows only while no other backend is up.</param>
    public sealed record BackendBackupSet(string Service, string Backend, bool Backup) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend, "backup"];

        /// <inheritdoc/>
        public override string ToString() =>
            $"backend {Backend} of {Service} is {(Backup ? "a last resort" : "a last resort no longer")}";
    }

    /// <summary>A backend whose QUIC connection IDs are others.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Id">What they have in common; null when they say nothing.</param>
    public sealed record BackendServerIdSet(string Service, string Backend, ServerId? Id) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend, "server-id"];

        /// <inheritdoc/>
        public override string ToString() => Id is { } id
            ? $"server ID of backend {Backend} of {Service} is {id}"
            : $"backend {Backend} of {Service} has no server ID";
    }

    /// <summary>A backend that leaves a pool.</summary>
    /// <param name="Service">Name of the service.</param>
    /// <param name="Backend">Name of the backend.</param>
    public sealed record BackendRemoved(string Service, string Backend) : SiteChange
    {
        /// <inheritdoc/>
        public override ImmutableArray<string> Scope => ["services", Service, "backends", Backend];

        /// <inheritdoc/>
        public override string ToString() => $"backend {Backend} removed from {Service}";
    }
}
