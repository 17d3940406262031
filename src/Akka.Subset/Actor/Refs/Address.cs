using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor system is found: protocol, name and, when it has a network, host and port.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ISurrogated
{
    /// <summary>Creates an address.</summary>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    /// <summary>The host, or null for a local address.</summary>
    public string? Host { get; }

    /// <summary>The port, or null for a local address.</summary>
    public int? Port { get; }

    /// <summary>The protocol, such as <c>akka</c>.</summary>
    public string Protocol { get; }

    /// <summary>The name of the actor system.</summary>
    public string System { get; }

    /// <summary>Whether the address means something on another node.</summary>
    public bool HasGlobalScope => Host is not null;

    /// <summary>Whether the address means something on this node only.</summary>
    public bool HasLocalScope => Host is null;

    /// <summary>Parses <c>protocol://system@host:port</c> or <c>protocol://system</c>.</summary>
    /// <exception cref="UriFormatException">The text is no address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var result)
            ? result
            : throw new UriFormatException($"Cannot parse [{address}] as an address");

    /// <summary>Parses an address, ignoring a path behind it.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) =>
        TrySplit(path, out address, out _);

    /// <summary>Returns <c>system@host:port</c>, or the name alone for a local address.</summary>
    public string HostPort() => Host is null
        ? System
        : string.Create(CultureInfo.InvariantCulture, $"{System}@{Host}{(Port is { } port ? $":{port}" : "")}");

    /// <summary>Returns a copy with another host.</summary>
    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    /// <summary>Returns a copy with another port.</summary>
    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    /// <summary>Returns a copy with another protocol.</summary>
    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    /// <summary>Returns a copy with another system name.</summary>
    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <inheritdoc/>
    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port && Host == other.Host
            && System == other.System && Protocol == other.Protocol);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    /// <inheritdoc/>
    public int CompareTo(Address? other) =>
        other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    int IComparable.CompareTo(object? obj) =>
        obj is null or Address
            ? CompareTo(obj as Address)
            : throw new ArgumentException($"Cannot compare an address with {obj.GetType()}", nameof(obj));

    /// <inheritdoc/>
    public override string ToString() => $"{Protocol}://{HostPort()}";

    /// <inheritdoc/>
    public ISurrogate ToSurrogate(ActorSystem system) =>
        new AddressSurrogate { Protocol = Protocol, System = System, Host = Host, Port = Port };

    /// <summary>Whether the two are the same.</summary>
    public static bool operator ==(Address? left, Address? right) => Equals(left, right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);

    internal static bool TrySplit(
        string text, [NotNullWhen(true)] out Address? address, out string path)
    {
        address = null;
        path = "/";
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
        {
            return false;
        }

        var rest = text[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            path = rest[slash..];
            rest = rest[..slash];
        }

        var at = rest.IndexOf('@', StringComparison.Ordinal);
        var system = at < 0 ? rest : rest[..at];
        if (system.Length == 0)
        {
            return false;
        }

        if (at < 0)
        {
            address = new Address(text[..scheme], system);
            return true;
        }

        var colon = rest.LastIndexOf(':');
        if (colon <= at + 1 || !int.TryParse(rest[(colon + 1)..], CultureInfo.InvariantCulture, out var port)
            || port is < 0 or > 65535)
        {
            return false;
        }

        address = new Address(text[..scheme], system, rest[(at + 1)..colon], port);
        return true;
    }

    /// <summary>The serializable form of an address.</summary>
    public sealed class AddressSurrogate : ISurrogate
    {
        /// <summary>The host.</summary>
        public string? Host { get; set; }

        /// <summary>The port.</summary>
        public int? Port { get; set; }

        /// <summary>The protocol.</summary>
        public string Protocol { get; set; } = "";

        /// <summary>The system's name.</summary>
        public string System { get; set; } = "";

        /// <inheritdoc/>
        public ISurrogated FromSurrogate(ActorSystem system) => new Address(Protocol, System, Host, Port);
    }
}
