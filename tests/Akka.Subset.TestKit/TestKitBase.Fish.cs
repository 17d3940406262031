using System.Collections;

namespace Akka.TestKit;

/// <content>Looking for a message among others.</content>
public abstract partial class TestKitBase
{
    /// <summary>Receives messages until one is accepted, and returns that one.</summary>
    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    /// <summary>Receives messages until one of the type is accepted, and returns that one.</summary>
    public T FishForMessage<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Result(Fish(isAsync: false, isMessage, null, max, hint, cancellationToken));

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(isAsync: true, isMessage, null, max, hint, cancellationToken);

    /// <summary>
    /// Receives messages until one of the type is accepted, and returns that one; the others are put into
    /// <paramref name="allMessages"/>.
    /// </summary>
    public T FishForMessage<T>(
        Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Result(Fish(isAsync: false, isMessage, allMessages, max, hint, cancellationToken));

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, ArrayList, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(isAsync: true, isMessage, allMessages, max, hint, cancellationToken);

    private async ValueTask<T> Fish<T>(
        bool isAsync, Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max, string? hint,
        CancellationToken cancellationToken)
    {
        var longest = RemainingOrDilated(max);
        var stop = Clock + longest;
        var others = new List<object>();
        allMessages?.Clear();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var envelope = await Receive(isAsync, take: true, Max(stop - Clock, TimeSpan.Zero), cancellationToken);
            if (envelope.Message is not { } message)
            {
                Fail($"No message that was fished for came within {longest}{Hint(hint)}; what came is {List(others)}");
                continue;
            }

            if (message is T typed && isMessage(typed))
            {
                return typed;
            }

            others.Add(message);
            allMessages?.Add(message);
        }
    }
}
