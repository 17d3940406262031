using System.Collections.Immutable;
using System.Net;

namespace Lb.Host.Configuration;

/// <summary><c>lb.cluster</c>: how the node takes part in a cluster.</summary>
internal static class ClusterKeys
{
    public static readonly ValueKey<IPAddress?> Host =
        new("host", new NullableKind<IPAddress>(AddressKinds.Member), Restart: true);

    public static readonly ValueKey<long> Port = new("port", NumberKinds.Port, Restart: true);

    public static readonly ValueKey<string?> Name =
        new("name", new NullableKind<string>(TextKinds.SiteName), Restart: true);

    public static readonly ValueKey<ImmutableArray<Located<string>>> Roles = new(
        "roles",
        new ListKind<string>(TextKinds.ElementName, 0, "an array of roles", "name roles as in [edge]"),
        Restart: true);

    public static readonly ValueKey<long> Probers = new("probers", NumberKinds.Whole(1, 15), Restart: true);

    public static readonly ValueKey<JournalProvider> Provider = new(
        "provider",
        TextKinds.Choice(("sqlite", JournalProvider.Sqlite), ("postgresql", JournalProvider.PostgreSql)),
        Restart: true);

    public static readonly ValueKey<string> Directory = new("directory", TextKinds.AbsolutePath, Restart: true);

    public static readonly ValueKey<string> ConnectionString =
        new("connection-string", TextKinds.PostgresConnection, Restart: true);

    public static readonly SectionKey Key = new(
        "cluster", Section.Of(Host, Port, Name, Roles, Probers, Provider, Directory, ConnectionString, Tls.Key));

    /// <summary><c>lb.cluster.tls</c>: by what nodes know each other.</summary>
    internal static class Tls
    {
        public static readonly ValueKey<string?> Authorities =
            new("ca", new NullableKind<string>(TextKinds.AbsolutePath), Restart: true);

        public static readonly ValueKey<string?> Certificate =
            new("certificate", new NullableKind<string>(TextKinds.AbsolutePath), Restart: true);

        public static readonly ValueKey<string?> PrivateKey =
            new("key", new NullableKind<string>(TextKinds.AbsolutePath), Restart: true);

        public static readonly SectionKey Key = new("tls", Section.Of(Authorities, Certificate, PrivateKey));
    }
}
