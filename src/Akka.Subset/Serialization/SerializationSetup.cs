using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;

namespace Akka.Serialization;

/// <summary>Names the serializers of a system.</summary>
public sealed class SerializationSetup : Setup
{
    private SerializationSetup(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers)
    {
        CreateSerializers = createSerializers;
    }

    /// <summary>Makes the serializers.</summary>
    public Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> CreateSerializers { get; }

    /// <summary>Creates the part of a system's setup.</summary>
    public static SerializationSetup Create(
        Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) => new(createSerializers);
}

/// <summary>A serializer and what it is for.</summary>
public sealed class SerializerDetails
{
    private SerializerDetails(string alias, Serializer serializer, ImmutableHashSet<Type> useFor)
    {
        Alias = alias;
        Serializer = serializer;
        UseFor = useFor;
    }

    /// <summary>Its name.</summary>
    public string Alias { get; }

    /// <summary>The serializer.</summary>
    public Serializer Serializer { get; }

    /// <summary>The types it is bound to.</summary>
    public ImmutableHashSet<Type> UseFor { get; }

    /// <summary>Creates the entry.</summary>
    public static SerializerDetails Create(string alias, Serializer serializer, ImmutableHashSet<Type> useFor) =>
        new(alias, serializer, useFor);
}
