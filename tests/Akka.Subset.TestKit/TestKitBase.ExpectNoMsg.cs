namespace Akka.TestKit;

/// <content>Expecting silence.</content>
public abstract partial class TestKitBase
{
    /// <summary>Requires that no message comes for <see cref="RemainingOrDefault"/>.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        Result(ExpectNothing(false, RemainingOrDefault, cancellationToken));

    /// <inheritdoc cref="ExpectNoMsg(CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        await ExpectNothing(true, RemainingOrDefault, cancellationToken);

    /// <summary>Requires that no message comes for that time.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Result(ExpectNothing(false, Dilated(duration), cancellationToken));

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        await ExpectNothing(true, Dilated(duration), cancellationToken);

    /// <summary>Requires that no message comes for that time.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(int, CancellationToken)"/>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async ValueTask<bool> ExpectNothing(bool isAsync, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = Clock;
        var envelope = await Receive(isAsync, take: true, Max(duration, TimeSpan.Zero), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (envelope is not NullMessageEnvelope)
        {
            Fail($"No message was expected for {duration} but after {Clock - start} came {Describe(envelope)}");
        }

        _lastWasNoMessage = true;
        return true;
    }
}
