using Akka.Actor;

namespace Akka.TestKit;

/// <content>Expecting one message. What waits is the caller's thread; the async twins await.</content>
public abstract partial class TestKitBase
{
    /// <summary>Requires the next message to be of the type.</summary>
    public T ExpectMsg<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(false, duration, hint, null, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(true, duration, hint, null, cancellationToken);

    /// <summary>Requires the next message to equal <paramref name="message"/>.</summary>
    public T ExpectMsg<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(Expect<T>(false, timeout, hint, Equal(message, hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(true, timeout, hint, Equal(message, hint), cancellationToken);

    /// <summary>Requires the next message to be of the type and to be accepted.</summary>
    public T ExpectMsg<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, Accepted(isMessage, hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, Accepted(isMessage, hint), cancellationToken);

    /// <summary>Requires the next message to be of the type and to pass <paramref name="assert"/>.</summary>
    public T ExpectMsg<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect<T>(false, timeout, hint, (message, _) => assert(message), cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect<T>(true, timeout, hint, (message, _) => assert(message), cancellationToken);

    /// <summary>Requires the next message to be of the type and to be accepted with its sender.</summary>
    public T ExpectMsg<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, Accepted(isMessageAndSender, hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Func{T, IActorRef, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, Accepted(isMessageAndSender, hint), cancellationToken);

    /// <summary>Requires the next message to be of the type and to pass the assertion with its sender.</summary>
    public T ExpectMsg<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, assertMessageAndSender, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Action{T, IActorRef}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, assertMessageAndSender, cancellationToken);

    /// <summary>Requires the next message to equal <paramref name="expected"/> to a comparer.</summary>
    public T ExpectMsg<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect<T>(false, timeout, hint, Equal(expected, comparer, hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(T, Func{T, T, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect<T>(true, timeout, hint, Equal(expected, comparer, hint), cancellationToken);

    /// <summary>Requires the next message to say that the actor has ended.</summary>
    public Terminated ExpectTerminated(
        IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint ?? $"of {target}", Ended(target, hint), cancellationToken));

    /// <inheritdoc cref="ExpectTerminated(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint ?? $"of {target}", Ended(target, hint), cancellationToken);

    private async ValueTask<T> Expect<T>(
        bool isAsync, TimeSpan? timeout, string? hint, Action<T, IActorRef>? assert,
        CancellationToken cancellationToken)
    {
        var longest = RemainingOrDilated(timeout);
        var envelope = await Receive(isAsync, take: true, Max(longest, TimeSpan.Zero), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (envelope.Message is not { } message)
        {
            Fail($"A message of type {typeof(T)} was expected{Hint(hint)} but none came within {longest}");
            return default!;
        }

        if (message is not T typed)
        {
            Fail($"A message of type {typeof(T)} was expected{Hint(hint)} but what came is {Describe(envelope)}");
            return default!;
        }

        assert?.Invoke(typed, envelope.Sender!);
        return typed;
    }

    private Action<T, IActorRef> Equal<T>(T expected, string? hint) => (actual, sender) =>
        _assertions.AssertEqual(expected, actual, $"Another message was expected from {sender}{Hint(hint)}");

    private Action<T, IActorRef> Equal<T>(T expected, Func<T, T, bool> comparer, string? hint) => (actual, sender) =>
        _assertions.AssertEqual(expected, actual, comparer, $"Another message was expected{Hint(hint)}.");

    private Action<T, IActorRef> Accepted<T>(Predicate<T> isMessage, string? hint) => (message, sender) =>
        Require(isMessage(message), $"The message <{message}> from {sender} was not accepted{Hint(hint)}");

    private Action<T, IActorRef> Accepted<T>(Func<T, IActorRef, bool> accepts, string? hint) => (message, sender) =>
        Require(accepts(message, sender), $"The message <{message}> from {sender} was not accepted{Hint(hint)}");

    private Action<Terminated, IActorRef> Ended(IActorRef target, string? hint) => (terminated, _) => Require(
        target.Equals(terminated.ActorRef),
        $"The end of {target} was expected{Hint(hint)} but what came is the end of {terminated.ActorRef}");

    private static string Describe(MessageEnvelope envelope) => $"{envelope} of type {envelope.Message!.GetType()}";

    private static string Hint(string? hint) => string.IsNullOrEmpty(hint) ? "" : $" ({hint})";

    private void Require(bool condition, string text)
    {
        if (!condition)
        {
            Fail(text);
        }
    }

    // Braces in a message are no places for arguments: the text goes in as one.
    private void Fail(string text) => _assertions.Fail("{0}", text);
}
