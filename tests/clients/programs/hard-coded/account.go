package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

func ask(request *http.Request, into any) int {
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return answer.StatusCode
}

func main() {
	request, _ := http.NewRequest("GET", "https://api.sipgate.com/v2/account", nil)
	request.SetBasicAuth("token-FQ1V12", "e68ead46-a7db-46cd-8a1a-44aed1e4e372")
	var account struct{ Company string }
	fmt.Println("sipgate", ask(request, &account), account.Company)
	answer, err := http.PostForm("https://app.sipsim.com/oauth/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"sipsim-demo"},
		"client_secret": {"3c9f1e7a5b2d4f6081a3c5e7092b4d6f"}, "scope": {"account.read"},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	json.NewDecoder(answer.Body).Decode(&tokens)
	request, _ = http.NewRequest("GET", "https://app.sipsim.com/api/v2/account", nil)
	request.Header.Set("Authorization", "Bearer "+tokens.AccessToken)
	var own struct{ Data struct{ Id int } }
	fmt.Println("sipsim", ask(request, &own), own.Data.Id)
}
