using Microsoft.AspNetCore.Connections;

namespace Lb.Host.Access;

/// <summary>Bounds how many connections a listener holds at once, so that strangers cannot take all that there is.</summary>
/// <param name="most">The most; one more is closed at once.</param>
internal sealed class ConnectionLimit(int most)
{
    private int _open;

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most)
            {
                await next(connection);
            }
            else
            {
                connection.Abort();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
