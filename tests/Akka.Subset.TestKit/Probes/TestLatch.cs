namespace Akka.TestKit;

/// <summary>Opens when it was counted down often enough.</summary>
public class TestLatch
{
    private readonly CountdownEvent _latch;
    private readonly TimeSpan _defaultTimeout;
    private readonly Func<TimeSpan, TimeSpan> _dilate = static timeout => timeout;

    /// <summary>Creates a latch that opens at once when it is counted down, waited for 5 s at most.</summary>
    public TestLatch()
        : this(1)
    {
    }

    /// <summary>Creates a latch, waited for 5 s at most.</summary>
    public TestLatch(int count)
        : this(count, TimeSpan.FromSeconds(5))
    {
    }

    /// <summary>Creates a latch.</summary>
    public TestLatch(int count, TimeSpan defaultTimeout)
    {
        _latch = new CountdownEvent(count);
        _defaultTimeout = defaultTimeout;
    }

    /// <summary>Creates a latch whose times are dilated.</summary>
    protected TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
        : this(count, defaultTimeout)
    {
        _dilate = dilate;
    }

    internal TestLatch(Func<TimeSpan, TimeSpan> dilate, int count, TimeSpan defaultTimeout)
        : this(dilate, defaultTimeout, count)
    {
    }

    /// <summary>Whether the latch is open.</summary>
    public bool IsOpen => _latch.IsSet;

    /// <summary>Counts down.</summary>
    public void CountDown() => _latch.Signal();

    /// <summary>Opens the latch.</summary>
    public void Open()
    {
        while (!IsOpen)
        {
            CountDown();
        }
    }

    /// <summary>Closes the latch; it needs its whole count again.</summary>
    public void Reset() => _latch.Reset();

    /// <summary>Waits until the latch is open.</summary>
    /// <exception cref="TimeoutException">It did not open in time.</exception>
    public void Ready() => Ready(_defaultTimeout);

    /// <summary>Waits until the latch is open.</summary>
    /// <exception cref="TimeoutException">It did not open in time.</exception>
    public void Ready(TimeSpan timeout)
    {
        if (timeout == TimeSpan.MaxValue)
        {
            throw new ArgumentException("A latch cannot be waited for without end", nameof(timeout));
        }

        var longest = _dilate(timeout);
        if (!_latch.Wait(longest))
        {
            throw new TimeoutException(
                $"The latch did not open within {longest}: {_latch.CurrentCount} of {_latch.InitialCount} are left");
        }
    }
}
