Console.Error.WriteLine("sigmatiq");
return 0;
