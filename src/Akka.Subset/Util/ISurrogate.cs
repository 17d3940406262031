using Akka.Actor;

namespace Akka.Util;

/// <summary>A stand-in for an object that cannot be serialized as it is.</summary>
public interface ISurrogate
{
    /// <summary>Returns the object this stands for, bound to <paramref name="system"/>.</summary>
    ISurrogated FromSurrogate(ActorSystem system);
}

/// <summary>An object that is serialized through an <see cref="ISurrogate"/>.</summary>
public interface ISurrogated
{
    /// <summary>Returns the stand-in to serialize instead of this object.</summary>
    ISurrogate ToSurrogate(ActorSystem system);
}
