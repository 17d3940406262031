using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>Puts what is logged into the feed.</summary>
internal sealed class LogFeedProvider(LogFeed feed, TimeProvider clock) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName)
    {
        feed.Know(categoryName);
        return new FeedLogger(feed, clock, categoryName);
    }

    public void Dispose()
    {
        // The feed is not this one's.
    }

    private sealed class FeedLogger(LogFeed feed, TimeProvider clock, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        /// <summary>The threshold is in front of every provider.</summary>
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => feed.Add(new LogEntry(
                clock.GetUtcNow(), logLevel, category, eventId, formatter(state, exception), exception?.ToString()));
    }
}
