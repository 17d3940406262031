using Akka.Actor;

namespace Akka.TestKit;

/// <content>Expecting a message from somebody.</content>
public abstract partial class TestKitBase
{
    /// <summary>Requires the next message to be of the type and from the sender.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, duration, hint, From<T>(sender, null, hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, duration, hint, From<T>(sender, null, hint), cancellationToken);

    /// <summary>Requires the next message to equal <paramref name="message"/> and to be from the sender.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, From(sender, Equal(message, hint), hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, From(sender, Equal(message, hint), hint), cancellationToken);

    /// <summary>Requires the next message to be accepted and to be from the sender.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, From(sender, Accepted(isMessage, hint), hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, From(sender, Accepted(isMessage, hint), hint), cancellationToken);

    /// <summary>Requires the next message and its sender to be accepted.</summary>
    public T ExpectMsgFrom<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, From(isSender, isMessage, hint), cancellationToken));

    /// <inheritdoc
    /// cref="ExpectMsgFrom{T}(Predicate{IActorRef}, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, From(isSender, isMessage, hint), cancellationToken);

    /// <summary>Requires the next message to pass the assertion and to be from the sender.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(
            false, timeout, hint, From<T>(sender, (message, _) => assertMessage(message), hint), cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(
            true, timeout, hint, From<T>(sender, (message, _) => assertMessage(message), hint), cancellationToken);

    /// <summary>Requires the next message and its sender to pass the assertions.</summary>
    public T ExpectMsgFrom<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect(false, timeout, hint, From(assertSender, assertMessage), cancellationToken));

    /// <inheritdoc
    /// cref="ExpectMsgFrom{T}(Action{IActorRef}, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(true, timeout, hint, From(assertSender, assertMessage), cancellationToken);

    private static Action<T, IActorRef> From<T>(Action<IActorRef> assertSender, Action<T> assertMessage) =>
        (message, sender) =>
        {
            assertSender(sender);
            assertMessage(message);
        };

    private Action<T, IActorRef> From<T>(IActorRef expected, Action<T, IActorRef>? assert, string? hint) =>
        (message, sender) =>
        {
            Require(
                expected.Equals(sender),
                $"A message from {expected} was expected{Hint(hint)} but <{message}> came from {sender}");
            assert?.Invoke(message, sender);
        };

    private Action<T, IActorRef> From<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, string? hint) =>
        (message, sender) =>
        {
            Require(isSender(sender), $"The sender {sender} of <{message}> was not accepted{Hint(hint)}");
            Accepted(isMessage, hint)(message, sender);
        };
}
