using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>A clock under the test's control, which can make whoever looks at it next fail.</summary>
internal sealed class CrashingClock : TimeProvider
{
    private readonly FakeClock _clock = new();
    private int _fuse;

    public override long TimestampFrequency => _clock.TimestampFrequency;

    /// <summary>The time of day goes on as the clock is told, from when the configs of tests are made.</summary>
    public override DateTimeOffset GetUtcNow() => Configs.Info.When + (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch);

    public bool HasCrashed => Volatile.Read(ref _fuse) == 0;

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>The n-th look from now on throws.</summary>
    public void CrashAt(int look) => Volatile.Write(ref _fuse, look);

    public override long GetTimestamp()
    {
        if (Volatile.Read(ref _fuse) > 0 && Interlocked.Decrement(ref _fuse) == 0)
        {
            throw new InvalidOperationException("The clock was told to fail.");
        }

        return _clock.GetTimestamp();
    }
}
