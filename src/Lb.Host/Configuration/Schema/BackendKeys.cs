using System.Collections.Immutable;
using System.Net;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary><c>lb.services.NAME.backends.NAME</c>.</summary>
internal static class BackendKeys
{
    public static readonly ScalarKind<long> WeightKind = NumberKinds.Whole(0, 65535);

    public static readonly ValueKey<IPAddress> Address = new("address", AddressKinds.Unicast);

    /// <summary>The service's port when absent.</summary>
    public static readonly ValueKey<long> Port = new("port", NumberKinds.Port, Required: false);

    /// <summary>The service's weight when absent.</summary>
    public static readonly ValueKey<long> Weight = new("weight", WeightKind, Required: false);

    /// <summary>Enabled when absent.</summary>
    public static readonly ValueKey<BackendAdmin> Admin = new(
        "admin",
        TextKinds.Choice(
            ("enabled", BackendAdmin.Enabled), ("drain", BackendAdmin.Drain), ("disabled", BackendAdmin.Disabled)),
        Required: false);

    /// <summary>Any TLS client when absent.</summary>
    public static readonly ValueKey<ImmutableArray<Located<string>>> TlsNames = new(
        "tls-names",
        new ListKind<string>(
            TlsKinds.Name, 0, "an array of names", "write as in [\"shop.example\", \"*.shop.example\"]"),
        Required: false);

    /// <summary>Any protocol when absent.</summary>
    public static readonly ValueKey<ImmutableArray<Located<string>>> Alpn = new(
        "alpn",
        new ListKind<string>(TlsKinds.Protocol, 0, "an array of protocols", "write as in [h2, \"http/1.1\"]"),
        Required: false);

    /// <summary>No last resort when absent.</summary>
    public static readonly ValueKey<bool> Backup = new("backup", TextKinds.Boolean, Required: false);

    /// <summary>The service's drain.deadline when absent.</summary>
    public static readonly ValueKey<TimeSpan> DrainDeadline = new("drain-deadline", PoolKeys.Drains.Time, Required: false);

    public static readonly Section Section = Section.Of(
        Address, Port, Weight, Admin, DrainDeadline, Backup, QuicKeys.ServerId, TlsNames, Alpn);
}
