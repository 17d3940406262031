namespace Lb.Host.Configuration;

internal static class Primes
{
    public static bool IsPrime(long number)
    {
        if (number < 2)
        {
            return false;
        }

        for (long divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The prime next to a number, the larger one of two; there is one in the range.</summary>
    public static long NearestWithin(long number, long min, long max)
    {
        for (long distance = 0; ; distance++)
        {
            if (number + distance <= max && IsPrime(number + distance))
            {
                return number + distance;
            }

            if (number - distance >= min && IsPrime(number - distance))
            {
                return number - distance;
            }
        }
    }
}
