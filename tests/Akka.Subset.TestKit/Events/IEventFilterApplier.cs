namespace Akka.TestKit;

/// <summary>An expectation about log events that can be put to a block of code.</summary>
public interface IEventFilterApplier
{
    /// <summary>Adds another kind of event to the expected ones.</summary>
    EventFilterFactory And { get; }

    /// <summary>Requires one event in the block or soon after.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or in that time after.</summary>
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or soon after.</summary>
    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or in that time after.</summary>
    T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or soon after.</summary>
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or in that time after.</summary>
    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or soon after.</summary>
    Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default);

    /// <summary>Requires one event in the block or in that time after.</summary>
    Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or soon after.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or in that time after.</summary>
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or soon after.</summary>
    T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or in that time after.</summary>
    T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or soon after.</summary>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or in that time after.</summary>
    Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or in that time after.</summary>
    Task ExpectAsync(
        int expectedCount, Func<Task> actionAsync, TimeSpan? timeout, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or soon after.</summary>
    Task<T> ExpectAsync<T>(
        int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default);

    /// <summary>Requires that many events in the block or in that time after.</summary>
    Task<T> ExpectAsync<T>(
        int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default);

    /// <summary>Prints no such events from now on.</summary>
    IUnmutableFilter Mute();

    /// <summary>Prints no such events of the block.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    /// <summary>Prints no such events of the block.</summary>
    T Mute<T>(Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Prints no such events of the block.</summary>
    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Prints no such events of the block.</summary>
    Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default);
}

/// <summary>Events that are not printed until this is undone.</summary>
public interface IUnmutableFilter : IDisposable
{
    /// <summary>Prints the events again.</summary>
    void Unmute();
}
