using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The place of an actor in its system: the address and the names from the root down.</summary>
/// <remarks>Two incarnations of an actor have equal paths; the uid tells them apart.</remarks>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>, ISurrogated
{
    /// <summary>The symbols a name may have beside letters and digits of ASCII.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly Address? _address;

    /// <summary>Creates a root path.</summary>
    protected ActorPath(Address address, string name)
    {
        _address = address;
        Name = name;
    }

    /// <summary>Creates the path of a child.</summary>
    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Parent = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    /// <summary>The address of the system.</summary>
    public Address Address => Root._address!;

    /// <summary>How many names lie between the root and this actor, itself included.</summary>
    public int Depth { get; }

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var i = Depth - 1; i >= 0; i--)
            {
                elements[i] = path.Name;
                path = path.Parent!;
            }

            return elements;
        }
    }

    /// <summary>The last name.</summary>
    public string Name { get; }

    /// <summary>The path of the parent, or null for the root.</summary>
    public ActorPath? Parent { get; }

    /// <summary>The root of the path.</summary>
    public ActorPath Root
    {
        get
        {
            var path = this;
            while (path.Parent is { } parent)
            {
                path = parent;
            }

            return path;
        }
    }

    /// <summary>Tells incarnations of an actor apart; 0 when the path names no incarnation.</summary>
    public long Uid { get; }

    /// <summary>Whether <paramref name="s"/> can be a name that a user gives to an actor.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
        {
            return false;
        }

        for (var i = 0; i < s.Length; i++)
        {
            var escaped = s[i] == '%' && i + 2 < s.Length
                && char.IsAsciiHexDigit(s[i + 1]) && char.IsAsciiHexDigit(s[i + 2]);
            if (escaped)
            {
                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(s[i]) && !ValidSymbols.Contains(s[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Parses a path that begins with an address.</summary>
    /// <exception cref="UriFormatException">The text is no path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var actorPath)
            ? actorPath
            : throw new UriFormatException($"Cannot parse [{path}] as an actor path");

    /// <summary>Parses a path that begins with an address.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (!Address.TrySplit(path, out var address, out var names))
        {
            return false;
        }

        var uid = 0L;
        var hash = names.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            if (!long.TryParse(names[(hash + 1)..], CultureInfo.InvariantCulture, out uid))
            {
                return false;
            }

            names = names[..hash];
        }

        actorPath = new RootActorPath(address) / names.Split('/', StringSplitOptions.RemoveEmptyEntries);
        actorPath = actorPath.WithUid(uid);
        return true;
    }

    /// <summary>Returns the path of a child.</summary>
    public ActorPath Child(string childName) => this / childName;

    /// <summary>Returns the ancestor at a depth, or, when negative, so many names above this path.</summary>
    public ActorPath ParentOf(int depth)
    {
        var steps = depth >= 0 ? Depth - depth : -depth;
        var path = this;
        while (steps-- > 0 && path.Parent is { } parent)
        {
            path = parent;
        }

        return path;
    }

    /// <summary>Returns this path for the incarnation <paramref name="uid"/>.</summary>
    public ActorPath WithUid(long uid) =>
        uid == Uid || Parent is null ? this : new ChildActorPath(Parent, Name, uid);

    /// <summary>Returns the names without the address.</summary>
    public string ToStringWithoutAddress()
    {
        if (Parent is null)
        {
            return "/";
        }

        var text = new StringBuilder();
        AppendNames(text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => ToStringWithAddress();

    /// <summary>Returns the address and the names.</summary>
    public string ToStringWithAddress() => Address + ToStringWithoutAddress();

    /// <summary>Returns the path with its own address, or <paramref name="address"/> where its own is local.</summary>
    public string ToStringWithAddress(Address address) =>
        (Address.HasGlobalScope ? Address : address) + ToStringWithoutAddress();

    /// <summary>Returns the path with address and incarnation.</summary>
    public string ToStringWithUid() => ToStringWithAddress() + UidSuffix;

    /// <summary>Returns the path with address and incarnation.</summary>
    public string ToSerializationFormat() => ToStringWithUid();

    /// <summary>Returns the path with incarnation and its own address, or <paramref name="address"/>.</summary>
    public string ToSerializationFormatWithAddress(Address address) => ToStringWithAddress(address) + UidSuffix;

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        if (other is null || Depth != other.Depth)
        {
            return false;
        }

        ActorPath? left = this;
        ActorPath? right = other;
        while (!ReferenceEquals(left, right))
        {
            if (left!.Name != right!.Name)
            {
                return false;
            }

            if (left.Parent is null)
            {
                return left.Address == right.Address;
            }

            left = left.Parent;
            right = right.Parent;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Depth, Parent?.Name);

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other) =>
        other is null ? 1 : string.CompareOrdinal(ToStringWithAddress(), other.ToStringWithAddress());

    /// <inheritdoc/>
    public ISurrogate ToSurrogate(ActorSystem system) => new Surrogate(ToSerializationFormat());

    /// <summary>Returns the path of a child.</summary>
    public static ActorPath operator /(ActorPath path, string name) => new ChildActorPath(path, name, 0);

    /// <summary>Returns the path of a descendant.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Aggregate(path, (current, element) => current / element);

    /// <summary>Whether the two are the same place.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);

    /// <summary>Whether the two are different places.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);

    private string UidSuffix => Uid == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"#{Uid}");

    private void AppendNames(StringBuilder text)
    {
        if (Parent is null)
        {
            return;
        }

        Parent.AppendNames(text);
        text.Append('/').Append(Name);
    }

    /// <summary>The serializable form of a path.</summary>
    public sealed class Surrogate : ISurrogate
    {
        /// <summary>Creates the form.</summary>
        public Surrogate(string path)
        {
            Path = path;
        }

        /// <summary>The path as text.</summary>
        public string Path { get; }

        /// <inheritdoc/>
        public ISurrogated FromSurrogate(ActorSystem system) => Parse(Path);
    }
}

/// <summary>The path of the root of a system.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>Creates the root of <paramref name="address"/>.</summary>
    public RootActorPath(Address address, string name = "")
        : base(address, name)
    {
    }
}

/// <summary>The path of an actor below the root.</summary>
public sealed class ChildActorPath : ActorPath
{
    /// <summary>Creates the path of a child.</summary>
    public ChildActorPath(ActorPath parentPath, string name, long uid)
        : base(parentPath, name, uid)
    {
    }
}
