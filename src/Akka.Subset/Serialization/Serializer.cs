using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Turns objects into bytes and back.</summary>
public abstract class Serializer
{
    /// <summary>The system.</summary>
    [SuppressMessage("Design", "CA1051", Justification = "It is a field in Akka.NET.")]
    protected readonly ExtendedActorSystem system;

    /// <summary>Creates the serializer.</summary>
    protected Serializer(ExtendedActorSystem system)
    {
        this.system = system;
    }

    /// <summary>Names the serializer beside its bytes; unlike that of any other.</summary>
    public virtual int Identifier => throw new ArgumentException($"[{GetType()}] does not override Identifier");

    /// <summary>Whether the bytes are read with the help of a manifest.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>Returns the bytes of an object.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>Returns the object of the bytes.</summary>
    public abstract object FromBinary(byte[] bytes, Type type);
}

/// <summary>A serializer that names what it wrote by a manifest of its own, not by a type of the runtime.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    /// <summary>Creates the serializer.</summary>
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public sealed override bool IncludeManifest => true;

    /// <inheritdoc/>
    public sealed override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException(
        $"[{GetType()}] reads bytes by their manifest, not by a type");

    /// <summary>Returns the object of the bytes.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>Returns the manifest of an object.</summary>
    public abstract string Manifest(object o);
}
